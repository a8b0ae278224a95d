// After the writes: reads rows back by their keys, so that a trigger or another program that changed them at once is seen in this run.
import { ConnectorError } from '../../connectors/contract.ts';
import type { NativeKey, NativeRow } from '../../connectors/contract.ts';
import type { Values } from '../core/model/value.ts';
import { planItemTable } from '../store/tables/plan-items.ts';
import type { WrittenRow } from '../store/tables/plan-items.ts';
import { linkTable } from '../store/tables/links.ts';
import { withPatience } from './gate.ts';
import { shows } from './native-row.ts';
import type { RunningTask } from './running-task.ts';
import { pauseWriting } from './running-task.ts';
import { atEndpoint } from './sync-context.ts';
import type { EndpointContext } from './sync-context.ts';

/** What was read back at an endpoint. */
export interface ReadBack {
  readonly endpoint: string;
  /** Rows as expected. */
  readonly rows: number;
  /** Rows that were looked at. */
  readonly expected: number;
  /** Rows that are not what was written. */
  readonly differ: number;
}

/** Parts that are looked at of what was written of a kind at an endpoint, evenly spread where there is more, and rows of each. */
const parts = 4;
const partSize = 250;
/** Rows that differ are named in the log up to here. */
const named = 20;

/** Never stops a run: a place that cannot be read now is left out, and the log says so. */
export async function readBack(task: RunningTask): Promise<readonly ReadBack[]> {
  const found: ReadBack[] = [];
  for (const endpoint of task.sync.endpoints) {
    if (task.signal.aborted) return found;
    try {
      const one = await readBackAt(task, endpoint);
      if (one.expected > 0) found.push(one);
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      task.log('warn', `${error.message} What was written there could not be read back.`);
    }
  }
  return found;
}

async function readBackAt(task: RunningTask, endpoint: EndpointContext): Promise<ReadBack> {
  const { name } = endpoint.model;
  const seen = new Set<number>();
  let differ = 0;
  for (const kind of ['create', 'update', 'delete'] as const) {
    for (const from of startsOf(task)) {
      const sample = planItemTable(task.db, task.plan)
        .written(name, kind, from, partSize)
        .filter(({ id }) => !seen.has(id));
      if (sample.length === 0) break;
      for (const { id } of sample) seen.add(id);
      differ += await differences(task, endpoint, sample, differ);
      task.report({ phase: 'verify', endpoint: name, done: seen.size });
      await pauseWriting(task);
    }
  }
  return { endpoint: name, rows: seen.size - differ, expected: seen.size, differ };
}

/** Lines of the plan from which on a part is looked at. */
function startsOf({ db, plan }: RunningTask): readonly number[] {
  const { first, last } = planItemTable(db, plan).bounds();
  return Array.from({ length: parts }, (_, at) => first + Math.floor(((last - first) * at) / parts));
}

/** How many of the rows are not as written; they are looked at again by the next run. */
async function differences(task: RunningTask, endpoint: EndpointContext, sample: readonly WrittenRow[], before: number): Promise<number> {
  const rows = await rowsOf(task, endpoint, sample);
  const wrong = sample.filter((item) => !isAsWritten(endpoint, item, rows.get(item.key)));
  for (const { key } of wrong) linkTable(task.db).forget(endpoint.row.id, key);
  for (const { key, label } of wrong.slice(0, Math.max(0, named - before))) {
    const shown = (JSON.parse(key) as string[]).join(', ');
    task.log(
      'warn',
      `${endpoint.model.name} ${shown} (${label}) is not what was written a moment ago; the next run reads it as a change there.`,
    );
  }
  return wrong.length;
}

function rowsOf(task: RunningTask, endpoint: EndpointContext, sample: readonly WrittenRow[]): Promise<ReadonlyMap<string, NativeRow>> {
  const keys = sample.map(({ key }) => JSON.parse(key) as NativeKey);
  const { connection, ref, hashed, gate, model } = endpoint;
  return withPatience(gate, task.signal, () => atEndpoint(model.name, () => connection.readKeys(ref, keys, hashed, task.signal)));
}

function isAsWritten(endpoint: EndpointContext, { kind, after }: WrittenRow, row: NativeRow | undefined): boolean {
  if (kind === 'delete') return row === undefined;
  return row !== undefined && shows(endpoint.model, endpoint.readers, row, JSON.parse(after) as Values);
}
