// Stores what was decided, in small transactions, before anything is sent. A crash in between goes on with the outcomes that are left.
import { matchKey } from '../core/mapping/normal.ts';
import { equalValues } from '../core/model/value.ts';
import type { Values } from '../core/model/value.ts';
import { relaxed } from '../store/relaxed.ts';
import { commitTable } from '../store/tables/commit.ts';
import { scratchTable } from '../store/tables/scratch.ts';
import { firstKey, labelOf } from './label.ts';
import { imageOf } from './native-row.ts';
import type { RunningTask } from './running-task.ts';
import { pauseWriting } from './running-task.ts';
import type { SyncContext } from './sync-context.ts';

const batchSize = 200;

/** Applies every staged outcome of the run's plan; the number of conflicts opened. */
export async function commitPlan(task: RunningTask): Promise<void> {
  const scratch = scratchTable(task.db, task.plan);
  const commit = commitTable(task.db);
  const endpoints = Object.fromEntries(task.sync.endpoints.map(({ model, row }) => [model.name, { id: row.id, version: row.version }]));
  for (;;) {
    const batch = scratch.outcomes(batchSize);
    if (batch.length === 0) return;
    relaxed(task.db, () => {
      let opened = 0;
      for (const { uuid, record, body } of batch) {
        const { golden } = body.outcome;
        opened += commit(uuid, record, body, {
          sync: task.sync.id,
          run: task.run,
          at: task.now(),
          label: labelOf(task.sync.config, golden, firstKey(body.outcome.links) ?? uuid),
          matchKey: matchKey(task.sync.model.match, golden),
          shownKey: (shadow) => shownKey(task.sync, golden, shadow),
          endpoints,
          isImage: (name, shadow) => isImage(task.sync, name, golden, shadow),
        });
        scratch.dropOutcome(uuid);
      }
      task.opened(opened);
    });
    task.step('outcomes-committed');
    await pauseWriting(task);
  }
}

/** The match key of a row that shows another one than its record's. */
export function shownKey(sync: SyncContext, golden: Values, shadow: Values): string | null {
  const shown = matchKey(sync.model.match, shadow);
  return shown === matchKey(sync.model.match, golden) ? null : shown;
}

/** Whether a shadow says no more than golden does, so that it need not be stored. */
export function isImage(sync: SyncContext, name: string, golden: Values, shadow: Values): boolean {
  const endpoint = sync.endpoints.find((one) => one.model.name === name);
  if (!endpoint) return false;
  const image = imageOf(endpoint.model, golden);
  const fields = Object.keys(image);
  return fields.length === Object.keys(shadow).length && fields.every((field) => equalValues(image[field], shadow[field]));
}
