// Before a row is created: whether a row of another record at the same place already shows its match fields.
import { matchKey } from '../core/mapping/normal.ts';
import type { Outcome } from '../core/model/record.ts';
import { shortHash } from '../store/sorted-hashes.ts';
import { matchTable } from '../store/tables/matching.ts';
import { scratchTable } from '../store/tables/scratch.ts';
import { stateTable } from '../store/tables/states.ts';
import { hash53 } from './hash53.ts';
import { imageOf } from './native-row.ts';
import type { PlanningTask } from './planning-task.ts';
import { createSeenReader } from './seen-rows.ts';
import type { EndpointContext } from './sync-context.ts';

/** Why a new row would be a double, in words; undefined where it would be none: then it counts as planned. */
export type TwinFinder = (record: number, endpoint: string, outcome: Pick<Outcome, 'golden' | 'links'>) => string | undefined;

/**
 * New rows are matched before anything is created, so a twin is mostly a row that has a record already: one that was edited to these match
 * fields, or one whose record came to have them too. A new row is one where a deleted record comes to live again in the same plan, and then
 * both records want their rows elsewhere. People may make doubles; a run does not.
 */
export function createTwinFinder(task: Pick<PlanningTask, 'sync' | 'db' | 'scratch'>): TwinFinder {
  const { match } = task.sync.model;
  const endpoints = new Map(task.sync.endpoints.map((endpoint) => [endpoint.model.name, endpoint]));
  const scratch = scratchTable(task.scratch);
  const states = stateTable(task.db);
  const matching = matchTable(task.db, task.sync.id);
  const seen = createSeenReader(task.sync);
  const hasRecords = matching.anyRecord();
  const hasVerdicts = matching.anyVerdict();

  /** By endpoint: the hashes of the match fields of rows that the plan creates, and their records. */
  const planned = new Map(task.sync.endpoints.map((endpoint) => [endpoint.model.name, new Map<number, number>()]));

  /** Groups that a person gave rows of the record to. */
  const groupsOf = (links: Outcome['links']): readonly string[] =>
    hasVerdicts ? Object.entries(links).flatMap(([name, link]) => matching.verdict(name, link.key) ?? []) : [];

  /** A person who saw the row and one of the record's own said that they are not of one record. */
  const isApart = (own: readonly string[], endpoint: EndpointContext, key: string): boolean => {
    const group = own.length === 0 ? undefined : matching.verdict(endpoint.model.name, key);
    return group !== undefined && !own.includes(group);
  };

  /** A row that shows these match fields since this read. */
  const turned = (record: number, own: readonly string[], endpoint: EndpointContext, key: string, short: number): string | undefined =>
    scratch
      .matching(short)
      .map((id) => scratch.byId(id))
      .find(
        (row) =>
          row?.endpoint === endpoint.row.id &&
          row.record !== record &&
          row.kind === 'present' &&
          matchKey(match, seen.values(row)) === key &&
          !isApart(own, endpoint, row.key),
      )?.key;

  /** A row of another record that was last seen to show them, and since then was not read to show others. */
  const known = (record: number, own: readonly string[], endpoint: EndpointContext, key: string, hash: number): string | undefined => {
    for (const other of new Set([...matching.records(hash), ...matching.showing(hash, endpoint.row.id)])) {
      const state = other === record ? undefined : states.load(other);
      const link = state?.links.find((one) => one.endpoint === endpoint.row.id && (one.status === 'live' || one.status === 'ignored'));
      if (!state || !link || isApart(own, endpoint, link.key)) continue;
      const shown = link.shadow ?? imageOf(endpoint.model, state.record.golden);
      const now = scratch.find(endpoint.row.id, link.key);
      if (matchKey(match, shown) === key && (now === undefined || matchKey(match, seen.values(now)) === key)) return link.key;
    }
    return undefined;
  };

  return (record, name, { golden, links }) => {
    const endpoint = endpoints.get(name);
    const key = matchKey(match, golden);
    if (!hasRecords || key === null || !endpoint) return undefined;
    const hash = hash53(key);
    const own = groupsOf(links);
    const twin = turned(record, own, endpoint, key, shortHash(hash)) ?? known(record, own, endpoint, key, hash);
    if (twin !== undefined) return shownWords(name, twin, match);
    const other = own.length > 0 ? undefined : planned.get(name)?.get(hash);
    if (other !== undefined && other !== record) return plannedWords(name, match);
    planned.get(name)?.set(hash, record);
    return undefined;
  };
}

function shownWords(endpoint: string, key: string, match: readonly string[]): string {
  const row = (JSON.parse(key) as string[]).join(', ');
  return `row ${row} of ${endpoint} already shows the same ${match.join(' and ')}; change one of the two`;
}

function plannedWords(endpoint: string, match: readonly string[]): string {
  return `another record with the same ${match.join(' and ')} gets its row at ${endpoint}; change one of the two`;
}
