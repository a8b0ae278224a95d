// A run that was killed while it carried out its plan, and whose decisions are not beside the database any more.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Step } from '../../main/engine/running-task.ts';
import { runStateTable } from '../../main/store/tables/run-state.ts';
import { customers, ledgerTable, shopFile } from '../harness/two-places.ts';
import { createPlace } from '../harness/workspace.ts';

const steps: readonly Step[] = ['run-writing', 'outcomes-committed', 'batch-sent', 'batch-written'];

it.each(steps)('killed at %s, it ends as failed, and the next run does the rest without doubles', async (killedAt) => {
  let isArmed = true;
  const place = await createPlace(
    customers(),
    { 'shop.csv': shopFile },
    {
      step: (step) => {
        if (!isArmed || step !== killedAt) return;
        isArmed = false;
        place.workspace.db.close(); // as a kill does: nothing more is stored
        throw new Error('killed');
      },
    },
  );
  await using _ = place;
  place.sql('ledger.db', ledgerTable);
  await expect(place.run('customers')).rejects.toThrow();
  const folder = join(place.folder, 'workspace');
  const scratches = () => readdirSync(folder).filter((name) => name.includes('-scratch-'));
  expect(scratches()).toHaveLength(1);
  for (const name of scratches()) rmSync(join(folder, name));

  await place.restart();
  const last = await place.run('customers');
  expect(last.status).toBe('complete');
  const interrupted = runStateTable(place.workspace.db).find(1);
  expect(interrupted?.status).toBe('failed');
  expect(JSON.parse(interrupted?.problem ?? '{}')).toMatchObject({ code: 'decisions-lost' });
  expect(place.rows('ledger.db', 'SELECT email FROM people ORDER BY email')).toHaveLength(3);
  expect((await place.workspace.verify('customers')).differences).toEqual([]);
  expect((await place.plan('customers')).operations).toEqual([]);
  expect(scratches()).toEqual([]);
});
