// Gives each new native row to a record: by a person's word, by the match fields, or to a record of its own; ambiguous ones wait.
import { decideMatch } from '../core/reconcile/match.ts';
import { relaxed } from '../store/relaxed.ts';
import { matchTable } from '../store/tables/matching.ts';
import { planItemTable } from '../store/tables/plan-items.ts';
import { scratchTable } from '../store/tables/scratch.ts';
import type { SeenRow } from '../store/tables/scratch.ts';
import { digestOf } from './digest.ts';
import { labelOf } from './label.ts';
import type { PlanningTask } from './planning-task.ts';
import { pause } from './planning-task.ts';

const pageSize = 250;

/** An ambiguous group, staged until the plan is committed. */
export interface AmbiguousGroup {
  readonly key: string;
  readonly why: string;
  readonly label: string;
  readonly rows: readonly { readonly endpoint: string; readonly key: string; readonly values: unknown }[];
  readonly records: readonly string[];
}

export interface MatchSummary {
  readonly linked: number;
  readonly fresh: number;
  readonly ambiguous: readonly AmbiguousGroup[];
}

export async function matchRows(task: PlanningTask): Promise<MatchSummary> {
  const scratch = scratchTable(task.db, task.plan);
  const matching = matchTable(task.db, task.sync.id);
  const names = new Map(task.sync.endpoints.map((endpoint) => [endpoint.row.id, endpoint.model.name]));
  const nameOf = (row: SeenRow) => names.get(row.endpoint) ?? '';
  const ambiguous: AmbiguousGroup[] = [];
  let linked = 0;
  let fresh = 0;

  const missingRow = (record: number, endpoint: number) =>
    scratch.byRecord(record).find((row) => row.kind === 'absent' && row.endpoint === endpoint);
  /** Endpoints where the record has a row; one that is missing now has left its place to a new one. */
  const linkedAt = (record: number) => matching.linkedAt(record).filter((endpoint) => missingRow(record, endpoint) === undefined);
  const assign = (row: SeenRow, uuid: string, record: number | null) => {
    const replaced = record === null ? undefined : missingRow(record, row.endpoint);
    if (replaced) scratch.remove(row.endpoint, replaced.key);
    scratch.assign(row, uuid, record);
  };

  /** Records that a new row with this match key may belong to, those that show it since this read included. */
  const partners = (key: string) => {
    const agreed = matching.records(key);
    return [...agreed, ...scratch.turned(key).filter((record) => agreed.every((other) => other.id !== record.id))];
  };
  /** Rows a person has spoken about; returns those nobody has. */
  const honourVerdicts = (rows: readonly SeenRow[]): SeenRow[] =>
    rows.filter((row) => {
      const group = matching.verdict(nameOf(row), row.key);
      if (group === undefined) return true;
      const known = group.startsWith('record:') ? matching.recordId(group.slice('record:'.length)) : undefined;
      const uuid = known === undefined ? group : group.slice('record:'.length);
      if (known !== undefined && linkedAt(known).includes(row.endpoint)) return true;
      assign(row, uuid, known ?? null);
      if (known === undefined) fresh += 1;
      else linked += 1;
      return false;
    });

  const settle = (key: string, rows: readonly SeenRow[]): void => {
    const undecided = honourVerdicts(rows);
    if (undecided.length === 0) return;
    const records = partners(key);
    const decision = decideMatch({
      key,
      records: records.map((record) => ({ id: record.uuid, linkedAt: linkedAt(record.id).map((id) => names.get(id) ?? '') })),
      rows: undecided.map((row) => ({ endpoint: nameOf(row), key: row.key })),
    });
    if (decision.kind === 'ambiguous') {
      const values = undecided.map((row) => (JSON.parse(row.body) as { values: Record<string, never> }).values);
      const label = labelOf(task.sync.config, values[0] ?? {}, key);
      const group = {
        key,
        why: decision.why,
        label,
        rows: undecided.map((row, index) => ({ endpoint: nameOf(row), key: row.key, values: values[index] })),
        records: records.map((record) => record.uuid),
      };
      ambiguous.push(group);
      stageAmbiguous(task, group);
      return;
    }
    const record = decision.kind === 'link' ? records.find((one) => one.uuid === decision.record) : undefined;
    const uuid = record?.uuid ?? task.uuid();
    for (const row of undecided) assign(row, uuid, record?.id ?? null);
    if (record) linked += undecided.length;
    else fresh += 1;
  };

  for (let after = ''; ; ) {
    const page = scratch.unmatched(after, pageSize);
    const last = page.at(-1)?.matchKey;
    if (last === undefined || last === null) break;
    relaxed(task.db, () => {
      for (const [key, rows] of groupsOf(page)) settle(key, key === last ? scratch.group(key) : rows);
    });
    after = last;
    task.report({ phase: 'match', done: linked + fresh });
    await pause(task);
  }
  for (const endpoint of task.sync.endpoints) {
    for (let after = ''; ; ) {
      const page = scratch.keyless(endpoint.row.id, after, pageSize);
      const last = page.at(-1);
      if (!last) break;
      relaxed(task.db, () => {
        for (const row of honourVerdicts(page)) {
          scratch.assign(row, task.uuid(), null);
          fresh += 1;
        }
      });
      after = last.key;
      await pause(task);
    }
  }
  return { linked, fresh, ambiguous };
}

function groupsOf(page: readonly SeenRow[]): Map<string, SeenRow[]> {
  const groups = new Map<string, SeenRow[]>();
  for (const row of page) {
    const key = row.matchKey ?? '';
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

/** Only a question that is new or has changed is a line of the plan. */
function stageAmbiguous(task: PlanningTask, group: AmbiguousGroup): void {
  const body = JSON.stringify(group);
  if (matchTable(task.db, task.sync.id).openBody(group.key) === body) return;
  const first = group.rows[0];
  planItemTable(task.db, task.plan).insert({
    kind: 'conflict',
    wouldBe: null,
    record: '',
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
