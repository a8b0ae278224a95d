// Gives each new native row to a record: by a person's word, by the match fields, or to a record of its own; ambiguous ones wait.
import { matchKey } from '../core/mapping/normal.ts';
import { decideMatch } from '../core/reconcile/match.ts';
import { relaxed } from '../store/relaxed.ts';
import { matchTable } from '../store/tables/matching.ts';
import { planItemTable } from '../store/tables/plan-items.ts';
import { shortHash } from '../store/sorted-hashes.ts';
import { scratchTable } from '../store/tables/scratch.ts';
import type { SeenRow } from '../store/tables/scratch.ts';
import { stateTable } from '../store/tables/states.ts';
import { syncTable } from '../store/tables/syncs.ts';
import { digestOf } from './digest.ts';
import { createLabeller } from './label.ts';
import { NumberSet } from './number-set.ts';
import type { PlanningTask } from './planning-task.ts';
import { pause } from './planning-task.ts';
import { createSeenReader } from './seen-rows.ts';

const pageSize = 500;

/** An ambiguous group, staged until the plan is committed. */
export interface AmbiguousGroup {
  readonly key: string;
  readonly why: string;
  readonly label: string;
  readonly rows: readonly { readonly endpoint: string; readonly key: string; readonly values: unknown }[];
  /** Numbers of the records that the rows may belong to, as text. */
  readonly records: readonly string[];
}

export interface MatchSummary {
  readonly linked: number;
  readonly fresh: number;
  readonly ambiguous: readonly AmbiguousGroup[];
}

/**
 * Matches every new row, in the order of reading. `decideNew` is called at once with the rows of each new record: they were just read, and
 * need not be looked up again.
 */
export async function matchRows(task: PlanningTask, decideNew: (record: number, rows: readonly SeenRow[]) => void): Promise<MatchSummary> {
  const matcher = new Matcher(task, decideNew);
  await task.matchable.finish();
  for (let after = 0; ; ) {
    const page = matcher.page(after, pageSize);
    const last = page.at(-1);
    if (!last) break;
    relaxed(task.db, () => {
      for (const row of page) matcher.settleGroupOf(row);
    });
    after = last.id;
    task.report({ phase: 'match', done: matcher.settled });
    await pause(task);
  }
  return matcher.summary();
}

class Matcher {
  private readonly task: PlanningTask;
  private readonly decideNew: (record: number, rows: readonly SeenRow[]) => void;
  private readonly scratch;
  private readonly states;
  private readonly matching;
  private readonly seen;
  private readonly labelOf;
  private readonly names;
  private readonly hasRecords: boolean;
  private readonly hasVerdicts: boolean;
  /** Rows that were settled with an earlier row of their group. */
  private readonly done: NumberSet;
  /** Records to be made of rows that a person put together, by the person's group. */
  private readonly groups = new Map<string, { readonly record: number; readonly rows: SeenRow[] }>();
  private readonly numbers;
  private readonly ambiguous: AmbiguousGroup[] = [];
  private linked = 0;
  private fresh = 0;

  constructor(task: PlanningTask, decideNew: (record: number, rows: readonly SeenRow[]) => void) {
    this.task = task;
    this.decideNew = decideNew;
    this.scratch = scratchTable(task.scratch);
    this.states = stateTable(task.db);
    this.matching = matchTable(task.db, task.sync.id);
    this.seen = createSeenReader(task.sync);
    this.labelOf = createLabeller(task.sync.config);
    this.names = new Map(task.sync.endpoints.map((endpoint) => [endpoint.row.id, endpoint.model.name]));
    this.hasRecords = syncTable(task.db).records(task.sync.id) > 0;
    this.hasVerdicts = this.matching.anyVerdict();
    this.done = new NumberSet(0, this.scratch.last());
    this.numbers = createNumbers((count) => syncTable(task.db).reserve(count));
  }

  page(after: number, limit: number): readonly SeenRow[] {
    return this.scratch.fresh(after, limit);
  }

  get settled(): number {
    return this.linked + this.fresh;
  }

  summary(): MatchSummary {
    relaxed(this.task.db, () => {
      for (const { record, rows } of this.groups.values()) this.decideNew(record, rows);
    });
    return { linked: this.linked, fresh: this.fresh, ambiguous: this.ambiguous };
  }

  /** Settles a row together with all new rows of the same match key. */
  settleGroupOf(row: SeenRow): void {
    if (this.done.has(row.id)) return;
    const key = row.matchHash === null ? null : this.keyOf(row);
    const group = key === null || row.matchHash === null ? [row] : this.groupOf(row, row.matchHash, key);
    for (const one of group) this.done.add(one.id);
    const undecided = this.hasVerdicts ? this.honourVerdicts(group) : group;
    if (undecided.length === 0) return;
    if (key === null || row.matchHash === null) this.makeNew(undecided);
    else this.settle(key, row.matchHash, undecided);
  }

  private groupOf(row: SeenRow, matchHash: number, key: string): readonly SeenRow[] {
    const ids = this.scratch.matching(shortHash(matchHash));
    if (ids.length === 1) return [row];
    const rows = ids.flatMap((id) => {
      if (id === row.id) return [row];
      const one = this.done.has(id) ? undefined : this.scratch.byId(id);
      return one?.record === null && this.keyOf(one) === key ? [one] : [];
    });
    return rows.sort((a, b) => a.endpoint - b.endpoint || (a.key < b.key ? -1 : 1));
  }

  private settle(key: string, matchHash: number, rows: readonly SeenRow[]): void {
    const records = this.hasRecords ? this.partners(key, matchHash) : [];
    const decision =
      records.length === 0 && isOneEach(rows)
        ? ({ kind: 'new' } as const)
        : decideMatch({
            key,
            records: records.map((id) => ({ id: String(id), linkedAt: this.linkedAt(id).map((at) => this.names.get(at) ?? '') })),
            rows: rows.map((row) => ({ endpoint: this.nameOf(row), key: row.key })),
          });
    switch (decision.kind) {
      case 'ambiguous':
        this.ask(key, decision.why, rows, records);
        return;
      case 'link':
        for (const row of rows) this.assign(row, Number(decision.record));
        this.linked += rows.length;
        return;
      case 'new':
        this.makeNew(rows);
    }
  }

  private makeNew(rows: readonly SeenRow[]): void {
    this.fresh += 1;
    this.decideNew(this.numbers(), rows);
  }

  private ask(key: string, why: string, rows: readonly SeenRow[], records: readonly number[]): void {
    const values = rows.map((row) => this.seen.values(row));
    const label = this.labelOf(values[0] ?? {}, () => key);
    const group = {
      key,
      why,
      label,
      rows: rows.map((row, index) => ({ endpoint: this.nameOf(row), key: row.key, values: values[index] })),
      records: records.map(String),
    };
    this.ambiguous.push(group);
    stageAmbiguous(this.task, group);
  }

  /** Records that a new row with this match key may belong to, those that show it since this read included. */
  private partners(key: string, matchHash: number): readonly number[] {
    const agreed = this.matching.records(matchHash).filter((record) => this.hasKey(record, key));
    const turned = this.scratch.matching(shortHash(matchHash)).flatMap((id) => {
      const row = this.scratch.byId(id);
      if (row === undefined || row.linked === 0 || row.record === null || this.keyOf(row) !== key) return [];
      return this.matching.isLive(row.record) ? [row.record] : [];
    });
    return [...new Set([...agreed, ...turned])];
  }

  /** Whether the record has this match key, agreed or shown by one of its rows. */
  private hasKey(record: number, key: string): boolean {
    const state = this.states.load(record);
    const { match } = this.task.sync.model;
    if (state === undefined) return false;
    return (
      matchKey(match, state.record.golden) === key ||
      state.links.some((link) => link.shadow !== null && matchKey(match, link.shadow) === key)
    );
  }

  /** Rows a person has spoken about are given away; returns those nobody has. */
  private honourVerdicts(rows: readonly SeenRow[]): readonly SeenRow[] {
    return rows.filter((row) => {
      const group = this.matching.verdict(this.nameOf(row), row.key);
      if (group === undefined) return true;
      const known = group.startsWith('record:') ? Number(group.slice('record:'.length)) : undefined;
      if (known === undefined || !this.matching.isLive(known)) {
        this.joinGroup(group, row);
        return false;
      }
      if (this.linkedAt(known).includes(row.endpoint)) return true;
      this.assign(row, known);
      this.linked += 1;
      return false;
    });
  }

  private joinGroup(group: string, row: SeenRow): void {
    const found = this.groups.get(group);
    if (found) {
      found.rows.push(row);
      return;
    }
    this.fresh += 1;
    this.groups.set(group, { record: this.numbers(), rows: [row] });
  }

  /** Gives a new row to a known record, where it may take the place of one that is missing now. */
  private assign(row: SeenRow, record: number): void {
    const replaced = this.missingRow(record, row.endpoint);
    if (replaced) this.scratch.remove(replaced.id);
    this.scratch.assign(row.id, record);
  }

  private missingRow(record: number, endpoint: number): SeenRow | undefined {
    return this.scratch.byRecord(record).find((row) => row.kind === 'absent' && row.endpoint === endpoint);
  }

  /** Endpoints where the record has a row, given to it just now or known; one that is missing now has left its place to a new one. */
  private linkedAt(record: number): readonly number[] {
    const seen = this.scratch.byRecord(record);
    const given = seen.filter((row) => row.kind === 'present' && row.linked === 0).map((row) => row.endpoint);
    const missing = new Set(seen.filter((row) => row.kind === 'absent').map((row) => row.endpoint));
    return [...given, ...this.matching.linkedAt(record).filter((endpoint) => !missing.has(endpoint))];
  }

  private keyOf(row: SeenRow): string | null {
    return matchKey(this.task.sync.model.match, this.seen.values(row));
  }

  private nameOf(row: SeenRow): string {
    return this.names.get(row.endpoint) ?? '';
  }
}

/** No two of the rows are at one endpoint. */
function isOneEach(rows: readonly SeenRow[]): boolean {
  return rows.every((row, index) => index === 0 || row.endpoint !== rows[index - 1]?.endpoint);
}

/** Numbers reserved at a time. */
const block = 1000;

/** Gives out record numbers, reserving them in blocks. */
function createNumbers(reserve: (count: number) => number): () => number {
  let next = 0;
  let end = 0;
  return () => {
    if (next === end) {
      next = reserve(block);
      end = next + block;
    }
    next += 1;
    return next - 1;
  };
}

/** Only a question that is new or has changed is a line of the plan. */
function stageAmbiguous(task: PlanningTask, group: AmbiguousGroup): void {
  const body = JSON.stringify(group);
  if (matchTable(task.db, task.sync.id).openBody(group.key) === body) return;
  const first = group.rows[0];
  planItemTable(task.db, task.plan).insert({
    kind: 'conflict',
    wouldBe: null,
    record: null,
    label: group.label,
    endpoint: first?.endpoint ?? '',
    key: first?.key ?? '[]',
    before: '{}',
    after: JSON.stringify({}),
    because: group.why,
    digest: digestOf(['match', group.key, body]),
    state: 'planned',
  });
}
