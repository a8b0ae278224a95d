// Turns the outcome of the core into the form in which the state holds it, computed once: packed, with images and hashes told apart.
import type { Change, Outcome, RecordState } from '../core/model/record.ts';
import { equalValues } from '../core/model/value.ts';
import type { Values } from '../core/model/value.ts';
import type { Db } from '../store/open.ts';
import { goldenText } from '../store/tables/golden.ts';
import type { DecidedLink, DecidedRecord, Incidents } from '../store/tables/outcomes.ts';
import type { SeenRow } from '../store/tables/scratch.ts';
import { hash53 } from './hash53.ts';
import { matchKey } from '../core/mapping/normal.ts';
import { createLabeller, firstKey } from './label.ts';
import { imageOf } from './native-row.ts';
import type { SeenReader } from './seen-rows.ts';
import type { EndpointContext, SyncContext } from './sync-context.ts';

export interface Decision {
  readonly record: number;
  readonly isNew: boolean;
  readonly state: RecordState;
  readonly outcome: Outcome;
  readonly seen: readonly SeenRow[];
  readonly unsettled: boolean;
  /** Endpoints with fields that paused: their rows are looked at again. */
  readonly paused?: Pick<ReadonlyMap<string, unknown>, 'has'>;
}

export interface OutcomeWriter {
  (decision: Decision): DecidedRecord;
  readonly label: ReturnType<typeof createLabeller>;
}

export function createOutcomeWriter(db: Db, sync: SyncContext, reader: SeenReader): OutcomeWriter {
  const pack = goldenText(db).packer();
  const labelOf = createLabeller(sync.config);
  const endpoints = new Map(sync.endpoints.map((endpoint) => [endpoint.model.name, endpoint]));
  const { match } = sync.model;

  const linksOf = (outcome: Outcome, hashes: ReadonlyMap<string, number | null>, key: string | null): DecidedLink[] => {
    const links: DecidedLink[] = [];
    for (const [name, link] of Object.entries(outcome.links)) {
      const endpoint = endpoints.get(name);
      if (!endpoint) continue;
      const isImage = showsImage(endpoint, outcome.golden, link.shadow);
      // The rows of a live record that agree with it are found by the record's own match fields.
      const isFound = outcome.status === 'live' && isImage;
      const isThere = link.status === 'live' || link.status === 'ignored';
      const shownKey = isFound || !isThere ? null : matchKey(match, link.shadow);
      const hash = hashes.get(name);
      links.push({
        endpoint: endpoint.row.id,
        key: link.key,
        status: link.status,
        shadow: isImage ? null : JSON.stringify(link.shadow),
        ...(hash === undefined ? {} : { hash }),
        absence: link.absence ? JSON.stringify(link.absence) : null,
        shownHash: shownKey === null || (outcome.status === 'live' && shownKey === key) ? null : hash53(shownKey),
      });
    }
    return links;
  };

  const write = ({ record, isNew, state, outcome, seen, unsettled, paused }: Decision): DecidedRecord => {
    const hashes = new Map<string, number | null>();
    for (const row of seen) {
      const name = reader.nameOf(row) ?? '';
      const isAgain = reader.isMisread(row) || paused?.has(name) === true;
      if (row.kind === 'present') hashes.set(name, isAgain ? null : row.hash);
    }
    const key = matchKey(match, outcome.golden);
    const incidents = incidentsOf(isNew, state, outcome);
    return {
      record,
      isNew,
      status: outcome.status,
      was: state.status,
      golden: pack(outcome.golden),
      matchHash: key === null || outcome.status === 'deleted' ? null : hash53(key),
      isPending: unsettled,
      label: labelOf(outcome.golden, () => firstKey(outcome.links) ?? 'record'),
      links: linksOf(outcome, hashes, key),
      sources: sourcesOf(outcome.changes),
      ...(incidents === undefined ? {} : { incidents }),
    };
  };
  return Object.assign(write, { label: labelOf });
}

/** Whether a shadow says no more than golden does, so that it need not be stored. */
export function showsImage({ model }: EndpointContext, golden: Values, shadow: Values): boolean {
  const image = imageOf(model, golden);
  const fields = Object.keys(image);
  return fields.length === Object.keys(shadow).length && fields.every((field) => equalValues(image[field], shadow[field]));
}

/** What is more than agreed values and links; undefined where there is nothing, and nothing was open before. */
function incidentsOf(isNew: boolean, state: RecordState, outcome: Outcome): Incidents | undefined {
  const { holds, presence, overwritten, skipped } = outcome;
  const changes = isNew ? outcome.changes.filter((change) => !isBirth(change)) : outcome.changes;
  const held = Object.keys(state.holds);
  const isPlain =
    changes.length === 0 &&
    overwritten.length === 0 &&
    skipped.length === 0 &&
    held.length === 0 &&
    presence === undefined &&
    state.presence === undefined &&
    Object.keys(holds).length === 0;
  if (isPlain) return undefined;
  const settled = Object.fromEntries(held.map((field) => [field, outcome.golden[field] ?? null]));
  return { changes, overwritten, skipped, holds, ...(presence === undefined ? {} : { presence }), settled };
}

/** A value that the record is born with, as it was found: the record itself holds it, and its history begins with what replaced it. */
function isBirth({ from, by }: Change): boolean {
  return from === undefined && by.kind === 'taken';
}

/** Endpoints whose values became agreed ones. */
function sourcesOf(changes: readonly Change[]): readonly string[] {
  const sources: string[] = [];
  for (const { by } of changes) {
    if (by.kind !== 'taken' && by.kind !== 'policy') continue;
    for (const name of by.from) if (!sources.includes(name)) sources.push(name);
  }
  return sources;
}
