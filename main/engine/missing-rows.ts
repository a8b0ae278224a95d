// Stages the rows that a complete read did not list, after asking for each by its key.
import type { NativeKey, NativeRow } from '../../connectors/contract.ts';
import type { Evidence } from '../core/model/record.ts';
import { linkStatus, linkTable } from '../store/tables/links.ts';
import type { LinkBrief } from '../store/tables/links.ts';
import { scratchTable } from '../store/tables/scratch.ts';
import type { NumberSet } from './number-set.ts';
import type { PlanningTask } from './planning-task.ts';
import { pause } from './planning-task.ts';
import { evidenceExtra } from './seen-rows.ts';
import type { EndpointContext } from './sync-context.ts';

/** Missing rows are confirmed by key this many at a time: for a file each time is a read of it all. */
const confirmChunk = 20_000;
/** Links looked at in one turn. */
const lookedAtOnce = 2000;

/** A complete read should list the row of such a link. */
export function isListed(status: number): boolean {
  return status === linkStatus.live || status === linkStatus.absent;
}

/** `met`: records whose row was listed. `reused`: records whose row's key now belongs to another row. */
export async function stageMissingRows(
  task: PlanningTask,
  endpoint: EndpointContext,
  met: NumberSet,
  reused: ReadonlySet<number>,
): Promise<void> {
  const links = linkTable(task.db);
  let missing: LinkBrief[] = [];
  for (let after = ''; ; ) {
    const page = links.page(endpoint.row.id, after, lookedAtOnce);
    const last = page.at(-1);
    if (!last) break;
    after = last[0];
    for (const link of page) if (isListed(link[2]) && !met.has(link[1])) missing.push(link);
    if (missing.length >= confirmChunk) {
      await stageGone(task, endpoint, missing, reused);
      missing = [];
    }
    await pause(task);
  }
  if (missing.length > 0) await stageGone(task, endpoint, missing, reused);
}

/** Stages these rows as missing, after asking for each by its key once more. */
export async function stageGone(
  task: PlanningTask,
  endpoint: EndpointContext,
  missing: readonly LinkBrief[],
  reused: ReadonlySet<number>,
): Promise<void> {
  const links = linkTable(task.db);
  const scratch = scratchTable(task.scratch);
  const keys = missing.map(([key]) => JSON.parse(key) as NativeKey).filter((key) => key.length === endpoint.ref.key.length);
  const found = await stillThere(task, endpoint, keys);
  for (const [key, record] of missing) {
    const isFound = found.has(key) && !reused.has(record);
    if (isFound && endpoint.ref.where === undefined) continue; // came back; the next read sees it
    const absence = links.absence(endpoint.row.id, key);
    const before = absence === null ? 0 : (JSON.parse(absence) as Evidence).scans;
    scratch.add({
      endpoint: endpoint.row.id,
      key: `missing ${record}`, // its key may meanwhile belong to a new row
      linked: 1,
      record,
      kind: isFound ? 'outside' : 'absent',
      body: '',
      extra: isFound ? null : evidenceExtra({ scans: before + 1, confirmed: true }),
      hash: null,
      matchHash: null,
    });
  }
}

async function stillThere(
  task: PlanningTask,
  endpoint: EndpointContext,
  keys: readonly NativeKey[],
): Promise<ReadonlyMap<string, NativeRow>> {
  if (keys.length === 0 || !endpoint.capabilities.confirmsAbsence) return new Map();
  return endpoint.connection.readKeys(endpoint.ref, keys, endpoint.columns, task.signal);
}
