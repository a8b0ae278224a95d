// A world of one record: endpoints with rows that people edit and delete, runs that may fail, and a diary of every value.
import { expect } from 'vitest';
import type { Intent, Observation, Outcome, RecordState } from '../../../main/core/model/record.ts';
import type { SyncModel } from '../../../main/core/model/sync.ts';
import { equalValues, isBlank, type Value, type Values } from '../../../main/core/model/value.ts';
import { reconcileRecord } from '../../../main/core/reconcile/reconcile-record.ts';
import { following } from './support.ts';

interface Row {
  key: string;
  values: Record<string, Value>;
  modified: number;
}

export type Step =
  | { readonly kind: 'edit'; readonly endpoint: number; readonly field: number; readonly value: 'new' | 'blank' | 'same' | 'longer' }
  | { readonly kind: 'delete'; readonly endpoint: number }
  | {
      readonly kind: 'run';
      readonly skip: readonly number[];
      readonly fail: readonly number[];
      readonly lost: readonly number[];
      readonly withheld: boolean;
    }
  | { readonly kind: 'choose'; readonly field: number; readonly taken: number }
  | { readonly kind: 'keep'; readonly keep: boolean };

export class World {
  readonly model: SyncModel;
  readonly rows = new Map<string, Row>();
  state: RecordState = { id: 'r', status: 'live', golden: {}, holds: {}, links: {} };
  /** Values that people wrote and a run has seen, as `field=value`; the archive mark `zzz` is not a person's. */
  readonly seen = new Set<string>();
  /** Values in the history: replaced golden values and losers. */
  readonly history = new Set<string>();
  readonly written = new Set<string>();
  /** The same with the endpoint where it was written: `endpoint field=value`. */
  readonly writtenAt = new Set<string>();
  last: Outcome | undefined;
  /** Writes that took effect while their answer was lost. */
  private unanswered: readonly Intent[] = [];
  private clock = 1000;
  private serial = 0;

  constructor(model: SyncModel, withRow: readonly boolean[]) {
    this.model = model;
    model.endpoints.forEach((endpoint, index) => {
      if (withRow[index] !== true && index > 0) return;
      const values: Record<string, Value> = {};
      for (const field of Object.keys(endpoint.lenses)) values[field] = this.invent(endpoint.name, field, index % 2 === 0 ? 'same' : 'new');
      this.rows.set(endpoint.name, { key: '["1"]', values, modified: this.clock++ });
    });
  }

  private invent(endpoint: string, field: string, how: 'new' | 'blank' | 'same' | 'longer'): Value {
    const texts = { new: () => `${this.serial++}`.padStart(3, '0'), same: () => 'abc', longer: () => 'abcdef', blank: () => null };
    const lens = this.model.endpoints.find((one) => one.name === endpoint)?.lenses[field];
    const image = lens?.image(texts[how]());
    const value = image?.ok ? image.value : null;
    this.written.add(`${field}=${String(value)}`);
    this.writtenAt.add(`${endpoint} ${field}=${String(value)}`);
    return value;
  }

  apply(step: Step): void {
    switch (step.kind) {
      case 'edit':
        this.edit(step.endpoint, step.field, step.value);
        return;
      case 'delete': {
        const endpoint = this.model.endpoints[step.endpoint % this.model.endpoints.length];
        if (endpoint) this.rows.delete(endpoint.name);
        return;
      }
      case 'run':
        this.run(step);
        return;
      case 'choose':
        this.choose(step.field, step.taken);
        return;
      case 'keep':
        if (this.state.presence)
          this.state = { ...this.state, presence: { ...this.state.presence, choice: { keep: step.keep, by: 'ann' } } };
    }
  }

  private edit(at: number, fieldAt: number, how: 'new' | 'blank' | 'same' | 'longer'): void {
    const endpoint = this.model.endpoints[at % this.model.endpoints.length];
    const field = this.model.fields[fieldAt % this.model.fields.length];
    const row = endpoint && this.rows.get(endpoint.name);
    if (!endpoint || !field || !row || endpoint.lenses[field.name] === undefined) return;
    row.values[field.name] = this.invent(endpoint.name, field.name, how);
    row.modified = this.clock++;
  }

  private choose(fieldAt: number, taken: number): void {
    const held = Object.entries(this.state.holds);
    const [field, hold] = held[fieldAt % Math.max(held.length, 1)] ?? [];
    if (field === undefined || hold === undefined) return;
    const seen = Object.fromEntries(Object.entries(hold.candidates).map(([name, candidate]) => [name, candidate.value]));
    const names = Object.keys(seen);
    const name = names[taken % (names.length + 2)];
    const own = `own${this.serial++}`;
    this.written.add(`${field}=${own}`).add(`${field}=${own.slice(0, 3)}`);
    const value = name !== undefined ? (seen[name] ?? null) : taken % 2 === 0 && hold.base !== undefined ? hold.base : own;
    const choice = { value, by: 'ann', seen, ...(name === undefined ? {} : { taken: name }) };
    this.state = { ...this.state, holds: { ...this.state.holds, [field]: { ...hold, choice } } };
  }

  observations(skip: readonly number[]): Record<string, Observation> {
    const found: Record<string, Observation> = {};
    this.model.endpoints.forEach((endpoint, index) => {
      if (skip.includes(index)) return;
      const row = this.rows.get(endpoint.name);
      const link = this.state.links[endpoint.name];
      if (row) {
        if (link === undefined && this.state.status === 'deleted') return;
        found[endpoint.name] = { kind: 'present', key: row.key, values: { ...row.values }, misfits: {}, modified: row.modified };
      } else if (link) {
        found[endpoint.name] = { kind: 'absent', evidence: { scans: (link.absence?.scans ?? 0) + 1, confirmed: true } };
      }
    });
    return found;
  }

  run(how: { skip: readonly number[]; fail: readonly number[]; lost: readonly number[]; withheld: boolean }): void {
    this.settleUnanswered(how.skip);
    const observations = this.observations(how.skip);
    const options = { deletesWithheld: how.withheld };
    const outcome = reconcileRecord(this.model, this.state, observations, options);
    const backwards = Object.fromEntries(Object.entries(observations).reverse());
    expect(reconcileRecord(this.model, this.state, backwards, options)).toEqual(outcome);
    this.state = following(this.state, outcome);
    this.last = outcome;
    this.isStable(observations, options, outcome);
    this.remember(observations, outcome);
    this.isNoEcho(outcome);
    outcome.intents.forEach((intent, index) => {
      if (!how.fail.includes(index)) this.write(intent, how.lost.includes(index));
    });
  }

  /** Law 7, and no second loss: the same observation again asks for the same writes and changes nothing else. */
  private isStable(observations: Record<string, Observation>, options: { deletesWithheld: boolean }, outcome: Outcome): void {
    const again = reconcileRecord(this.model, this.state, observations, options);
    const plain = (one: Outcome) => one.intents.map(({ because: _words, ...rest }) => rest);
    expect({ holds: again.holds, presence: again.presence, golden: again.golden, status: again.status }).toEqual({
      holds: outcome.holds,
      presence: outcome.presence,
      golden: outcome.golden,
      status: outcome.status,
    });
    expect(again.changes).toEqual([]);
    expect(again.overwritten).toEqual([]);
    expect(plain(again)).toEqual(plain(outcome));
  }

  /** What is taken from an endpoint was written there by a person: our own write that comes back is no edit. */
  private isNoEcho(outcome: Outcome): void {
    for (const change of outcome.changes) {
      const { field, to, by } = change;
      if (by.kind !== 'taken' || to === null || to === 'zzz') continue; // null: a row that was made without the field; zzz: the archive mark
      const isWritten = by.from.some((name) => this.writtenAt.has(`${name} ${field}=${String(to)}`));
      expect({ change, isWritten }).toEqual({ change, isWritten: true });
    }
  }

  private remember(observations: Record<string, Observation>, outcome: Outcome): void {
    for (const [name, observation] of Object.entries(observations)) {
      if (observation.kind !== 'present' || outcome.links[name]?.status === 'ignored') continue;
      const lenses = this.model.endpoints.find((endpoint) => endpoint.name === name)?.lenses ?? {};
      for (const [field, value] of Object.entries(observation.values)) {
        if (lenses[field]?.direction !== 'write' && !isBlank(value) && value !== 'zzz') this.seen.add(`${field}=${String(value)}`);
      }
    }
    for (const { field, from } of outcome.changes) if (from !== undefined) this.history.add(`${field}=${String(from)}`);
    for (const { field, value } of outcome.overwritten) this.history.add(`${field}=${String(value)}`);
  }

  private write(intent: Intent, isLost: boolean): void {
    const row = this.rows.get(intent.endpoint);
    const endpoint = this.model.endpoints.find((one) => one.name === intent.endpoint);
    expect(endpoint?.allow).toContain(intent.kind);
    for (const field of Object.keys(intent.after)) {
      expect(endpoint?.lenses[field]?.direction).not.toBe('read');
      expect(this.state.holds).not.toHaveProperty(field);
    }
    if (intent.kind === 'create') {
      if (row) return;
      const blank = Object.fromEntries(Object.keys(endpoint?.lenses ?? {}).map((field) => [field, null]));
      this.rows.set(intent.endpoint, { key: '["1"]', values: { ...blank, ...intent.after }, modified: this.clock++ });
      this.acknowledge(intent, {});
      return;
    }
    const isAsExpected =
      row &&
      Object.entries(intent.before).every(
        ([field, value]) => isUnread(endpoint?.lenses[field]?.direction) || equalValues(row.values[field], value),
      );
    if (!row || !isAsExpected) return;
    if (intent.kind === 'delete') {
      this.rows.delete(intent.endpoint);
      if (isLost) this.unanswered = [...this.unanswered, intent];
      else this.dropLink(intent.endpoint);
      return;
    }
    Object.assign(row.values, intent.after);
    row.modified = this.clock++;
    if (isLost) this.unanswered = [...this.unanswered, intent];
    else this.acknowledge(intent, this.state.links[intent.endpoint]?.shadow ?? {});
  }

  private acknowledge(intent: Intent, shadow: Values): void {
    const link = { key: '["1"]', status: 'live' as const, shadow: { ...shadow, ...intent.after } };
    this.state = { ...this.state, links: { ...this.state.links, [intent.endpoint]: link } };
  }

  /** What took effect is found out, field by field, before anything new is decided; where the row is read anyway, the read must be enough. */
  private settleUnanswered(skip: readonly number[]): void {
    const unread = new Set(skip.map((index) => this.model.endpoints[index]?.name));
    for (const intent of this.unanswered.filter((one) => unread.has(one.endpoint))) {
      const row = this.rows.get(intent.endpoint);
      const link = this.state.links[intent.endpoint];
      if (intent.kind === 'delete' && !row) this.dropLink(intent.endpoint);
      if (intent.kind === 'delete' || !row || link?.status !== 'live') continue;
      const found = Object.entries(intent.after).filter(([field, value]) => equalValues(row.values[field], value));
      this.acknowledge({ ...intent, after: Object.fromEntries(found) }, link.shadow);
    }
    this.unanswered = [];
  }

  private dropLink(endpoint: string): void {
    const { [endpoint]: _dropped, ...links } = this.state.links;
    this.state = { ...this.state, links };
  }

  /** Values that are accounted for: agreed, waiting as candidates, in the history, or shown as an image of the agreed value. */
  accounted(): ReadonlySet<string> {
    const found = new Set(this.history);
    for (const [field, value] of Object.entries(this.state.golden)) {
      found.add(`${field}=${String(value)}`);
      for (const endpoint of this.model.endpoints) {
        const image = endpoint.lenses[field]?.image(value);
        if (image?.ok) found.add(`${field}=${String(image.value)}`);
      }
    }
    for (const [field, hold] of Object.entries(this.state.holds)) {
      for (const { value } of Object.values(hold.candidates)) found.add(`${field}=${String(value)}`);
    }
    return found;
  }
}

function isUnread(direction: string | undefined): boolean {
  return direction === 'write';
}
