// Takes back what a run wrote of one record: rows and values as they were before it, and questions where nobody can know what shall be true now. Pure.
import type { Change, Hold, Intent, LinkState, Outcome, Overwritten, PresenceHold, RecordState } from '../model/record.ts';
import type { EndpointModel, FieldLens, SyncModel } from '../model/sync.ts';
import { equalValues, isBlank } from '../model/value.ts';
import type { Value, Values } from '../model/value.ts';
import { ownValue, readableLens } from './observe.ts';
import { explains } from './sides.ts';

/** An operation that the run carried out. */
export interface DoneOperation {
  readonly endpoint: string;
  readonly kind: 'create' | 'update' | 'delete';
  /** The native key as it is now, as `JSON.stringify(NativeKey)`. */
  readonly key: string;
  readonly before: Values;
  readonly after: Values;
}

export interface UndoFacts {
  readonly run: number;
  readonly operations: readonly DoneOperation[];
  /** By field that the run changed: what was agreed before it; `undefined` where nothing was. */
  readonly agreedBefore: ReadonlyMap<string, Value | undefined>;
  /** Fields whose agreed value a later run changed again. */
  readonly changedLater: ReadonlySet<string>;
  /** The rows of the operations as they are now, by endpoint; `undefined`: there is none. */
  readonly rows: Readonly<Record<string, Values | undefined>>;
  /** The mapping of the field there means something else since; without a field, that of the whole place. */
  readonly isForeign: (endpoint: string, field?: string) => boolean;
}

/** What stays as it is, and why. */
export interface Kept {
  readonly endpoint: string;
  readonly key: string;
  readonly field?: string;
  readonly why: string;
}

export interface Undone {
  readonly outcome: Outcome;
  readonly kept: readonly Kept[];
}

/**
 * The outcome of a record after the run is undone. A value that no longer is what the run wrote was changed since: it is not touched, and becomes a
 * side of a question. What people did at the places before the run is not the run's: it stays there, and the field is asked about, so that the
 * next run neither does the same again nor takes it back.
 */
export function undoRecord(model: SyncModel, state: RecordState, facts: UndoFacts): Undone {
  const draft = new Draft(model, state, facts);
  if (state.presence !== undefined) {
    for (const operation of facts.operations) draft.keep(operation, 'it waits for a decision whether the record lives');
    return { outcome: draft.unchanged(), kept: draft.kept };
  }
  if (state.status === 'deleted' && !facts.operations.some((operation) => isDelete(model, operation))) {
    for (const operation of facts.operations) draft.keep(operation, 'the record was deleted since');
    return { outcome: draft.unchanged(), kept: draft.kept };
  }
  for (const operation of facts.operations) draft.reverse(operation);
  return { outcome: draft.outcome(), kept: draft.kept };
}

/** The row was deleted, or marked as archived instead. */
function isDelete(model: SyncModel, { endpoint, kind, after }: DoneOperation): boolean {
  const place = model.endpoints.find(({ name }) => name === endpoint);
  if (kind === 'delete') return true;
  if (kind === 'create' || place?.deletes !== 'archive' || place.archive === undefined) return false;
  const mark = ownValue(place.lenses, place.archive.field)?.image(place.archive.value);
  return mark?.ok === true && equalValues(ownValue(after, place.archive.field), mark.value);
}

class Draft {
  readonly kept: Kept[] = [];
  private readonly model: SyncModel;
  private readonly state: RecordState;
  private readonly facts: UndoFacts;
  private readonly intents: Intent[] = [];
  private readonly overwritten: Overwritten[] = [];
  private readonly links: Record<string, LinkState>;
  /** What each place shows once everything is done, where that differs from its shadow. */
  private readonly shown = new Map<string, Record<string, Value>>();
  private readonly fields = new Set<string>();
  private readonly removed: string[] = [];
  private readonly restored: string[] = [];

  constructor(model: SyncModel, state: RecordState, facts: UndoFacts) {
    this.model = model;
    this.state = state;
    this.facts = facts;
    this.links = { ...state.links };
  }

  keep({ endpoint, key }: DoneOperation, why: string, field?: string): void {
    this.kept.push({ endpoint, key, why, ...(field === undefined ? {} : { field }) });
  }

  reverse(operation: DoneOperation): void {
    const endpoint = this.model.endpoints.find((one) => one.name === operation.endpoint);
    if (endpoint === undefined || this.facts.isForeign(operation.endpoint)) {
      this.keep(operation, 'the place is configured in another way since');
      return;
    }
    const inverse = ({ create: 'delete', update: 'update', delete: 'create' } as const)[operation.kind];
    if (!endpoint.allow.includes(inverse)) this.keep(operation, `the sync may not ${inverse} there`);
    else if (operation.kind === 'create') this.removeRow(operation);
    else if (operation.kind === 'update') this.restoreValues(endpoint, operation);
    else this.restoreRow(operation);
  }

  private removeRow(operation: DoneOperation): void {
    const { endpoint, key, after } = operation;
    const row = this.facts.rows[endpoint];
    const link = ownValue(this.links, endpoint);
    if (row === undefined || link === undefined) {
      this.keep(operation, 'the row is gone already');
      return;
    }
    const lenses = this.model.endpoints.find(({ name }) => name === endpoint)?.lenses ?? {};
    const edited = Object.entries(row).filter(([field, now]) =>
      Object.hasOwn(after, field) ? !equalValues(now, after[field]) : !isBlank(now) && !this.isAgreed(field, now, lenses[field]),
    );
    if (edited.length > 0) {
      this.keep(operation, `the row was changed since (${edited.map(([field]) => field).join(', ')}), so it stays`);
      return;
    }
    const unread = Object.keys(lenses).filter((field) => lenses[field]?.direction === 'paused');
    if (unread.length > 0) {
      this.keep(operation, `what ${unread.join(', ')} holds there cannot be read now, so the row stays`);
      return;
    }
    this.intents.push(this.intent({ endpoint, kind: 'delete', key, before: row, after: {} }));
    const scans = this.model.endpoints.find((one) => one.name === endpoint)?.absentScans ?? 1;
    this.links[endpoint] = { ...link, status: 'absent', absence: { scans, confirmed: true } };
    this.removed.push(endpoint);
  }

  /** The value is that of the record, so that it is known when the row is gone. */
  private isAgreed(field: string, value: Value, lens: FieldLens | undefined): boolean {
    const agreed = ownValue(this.state.golden, field);
    const image = agreed === undefined ? undefined : lens?.image(agreed);
    return image?.ok === true && equalValues(image.value, value);
  }

  private restoreRow(operation: DoneOperation): void {
    const { endpoint, key, before } = operation;
    if (this.facts.rows[endpoint] !== undefined || ownValue(this.links, endpoint)?.status === 'live') {
      this.keep(operation, 'there is a row again');
      return;
    }
    const after = Object.fromEntries(Object.entries(before).filter(([field]) => !this.facts.isForeign(endpoint, field)));
    this.intents.push(this.intent({ endpoint, kind: 'create', key, before: {}, after }));
    this.restored.push(endpoint);
  }

  private restoreValues(endpoint: EndpointModel, operation: DoneOperation): void {
    const row = this.facts.rows[operation.endpoint];
    if (row === undefined) {
      this.keep(operation, 'the row is gone');
      return;
    }
    const before: Record<string, Value> = {};
    const after: Record<string, Value> = {};
    for (const [field, written] of Object.entries(operation.after)) {
      const why = this.whyNot(endpoint, operation, field);
      if (why !== undefined) {
        this.keep(operation, why, field);
        continue;
      }
      this.fields.add(field);
      const now = row[field] ?? null;
      if (equalValues(now, written)) {
        before[field] = now;
        after[field] = operation.before[field] ?? null;
        this.show(operation.endpoint, field, operation.before[field] ?? null);
      } else {
        this.keep(operation, 'it was changed since, and is asked about', field);
        this.show(operation.endpoint, field, now);
        this.see(operation.endpoint, field, now);
      }
    }
    const { endpoint: name, key } = operation;
    if (Object.keys(after).length === 0) return;
    this.intents.push(this.intent({ endpoint: name, kind: 'update', key, before, after }));
    const link = ownValue(this.links, name);
    if (this.state.status === 'live' || link === undefined || !isDelete(this.model, operation)) return;
    this.links[name] = { ...link, status: 'live' };
    this.restored.push(name);
  }

  private whyNot(endpoint: EndpointModel, { before }: DoneOperation, field: string): string | undefined {
    if (ownValue(this.state.holds, field) !== undefined) return 'it is contested; decide it in the list of conflicts';
    if (this.facts.isForeign(endpoint.name, field)) return 'its mapping means something else since';
    if (readableLens(endpoint, field) === undefined) return 'it is only written, so what was there is not known';
    return Object.hasOwn(before, field) ? undefined : 'what was there before is not known';
  }

  private intent(one: Omit<Intent, 'wanted' | 'because'>): Intent {
    return { ...one, wanted: one.after, because: `undoes run ${this.facts.run}` };
  }

  private show(endpoint: string, field: string, value: Value): void {
    this.shown.set(endpoint, { ...this.shown.get(endpoint), [field]: value });
  }

  /** What was seen becomes the shadow, so that the next read finds nothing new in it. */
  private see(endpoint: string, field: string, value: Value): void {
    const link = ownValue(this.links, endpoint);
    if (link !== undefined) this.links[endpoint] = { ...link, shadow: { ...link.shadow, [field]: value } };
  }

  outcome(): Outcome {
    const golden: Record<string, Value> = { ...this.state.golden };
    const holds: Record<string, Hold> = { ...this.state.holds };
    const changes: Change[] = [];
    for (const field of this.fields) {
      const base = this.facts.agreedBefore.has(field) ? this.facts.agreedBefore.get(field) : golden[field];
      if (!this.facts.changedLater.has(field)) this.agreeAgain(field, base, golden, changes);
      const candidates = this.candidates(field, base);
      if (Object.keys(candidates).length > 0) holds[field] = { reason: 'undone', base, candidates };
    }
    const presence = this.presence();
    const { status } = this.state;
    return {
      ...this.unchanged(),
      status: this.restored.length > 0 ? 'live' : status,
      golden,
      holds,
      ...(presence === undefined ? {} : { presence }),
      links: this.links,
      intents: this.intents,
      changes,
      overwritten: this.overwritten,
    };
  }

  private agreeAgain(field: string, base: Value | undefined, golden: Record<string, Value>, changes: Change[]): void {
    const now = golden[field];
    if (base === undefined) {
      // Nothing is agreed any more; the places that said this value may be without it by now.
      if (now !== undefined && !isBlank(now))
        this.overwritten.push({ field, value: now, source: 'record', by: { kind: 'undone', run: this.facts.run } });
      delete golden[field];
      this.forgetAtMissing(field);
    } else if (now === undefined || !equalValues(now, base)) {
      changes.push({ field, from: now, to: base, by: { kind: 'undone', run: this.facts.run } });
      golden[field] = base;
    }
  }

  /** A row that is missing has no say in what shall be agreed anew. */
  private forgetAtMissing(field: string): void {
    for (const [endpoint, link] of Object.entries(this.links)) {
      if (link.status === 'live' || !Object.hasOwn(link.shadow, field)) continue;
      const { [field]: _, ...shadow } = link.shadow;
      this.links[endpoint] = { ...link, shadow };
    }
  }

  /** Every place that will show something else than what is agreed again. */
  private candidates(field: string, base: Value | undefined): Hold['candidates'] {
    const candidates: Record<string, { readonly value: Value }> = {};
    for (const endpoint of this.model.endpoints) {
      const lens = readableLens(endpoint, field);
      const link = ownValue(this.links, endpoint.name);
      const value = this.shown.get(endpoint.name)?.[field] ?? link?.shadow[field];
      if (lens === undefined || link?.status !== 'live' || value === undefined) continue;
      const isAgreed = base !== undefined && explains(base, { endpoint: endpoint.name, value, lens, modified: undefined });
      if (!isAgreed || this.facts.changedLater.has(field)) candidates[endpoint.name] = { value };
    }
    return candidates;
  }

  private presence(): PresenceHold | undefined {
    const { restored, removed } = this;
    if (restored.length === 0 && removed.length === 0) return undefined;
    const isMissing = ({ name }: EndpointModel) => !restored.includes(name) && ownValue(this.links, name)?.status !== 'live';
    const deletedAt = restored.length > 0 ? this.model.endpoints.filter(isMissing).map(({ name }) => name) : removed;
    return deletedAt.length === 0 ? undefined : { reason: 'undone', deletedAt, changedAt: [] };
  }

  unchanged(): Outcome {
    const { status, golden, holds, presence, links } = this.state;
    return {
      status,
      golden,
      holds,
      ...(presence === undefined ? {} : { presence }),
      links,
      intents: [],
      changes: [],
      overwritten: [],
      skipped: [],
      unsettled: true,
    };
  }
}
