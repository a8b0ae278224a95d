// How many records took agreed values from each endpoint in a run.
import type { Db } from '../open.ts';
import { preparedOnce } from './prepared.ts';

export const runSourceTable = preparedOnce((db: Db) => {
  const add = db.prepare<[number, string, number]>(
    'INSERT INTO run_source (run, endpoint, records) VALUES (?, ?, ?) ON CONFLICT (run, endpoint) DO UPDATE SET records = records + excluded.records',
  );
  return { add: (run: number, endpoint: string, records: number) => add.run(run, endpoint, records) } as const;
});
