// Counts of what a run did, kept while it is committed: whose values were taken, what rules and people settled.
import type { Db } from '../open.ts';
import { preparedOnce } from './prepared.ts';

export const runTallyTable = preparedOnce((db: Db) => {
  const source = db.prepare<[number, string, number]>(
    'INSERT INTO run_source (run, endpoint, records) VALUES (?, ?, ?) ON CONFLICT (run, endpoint) DO UPDATE SET records = records + excluded.records',
  );
  const settled = db.prepare<[number, string, string, number]>(
    'INSERT INTO run_settled (run, field, by, count) VALUES (?, ?, ?, ?) ON CONFLICT (run, field, by) DO UPDATE SET count = count + excluded.count',
  );
  return {
    addSource: (run: number, endpoint: string, records: number) => source.run(run, endpoint, records),
    addSettled: (run: number, field: string, by: 'policy' | 'person', count: number) => settled.run(run, field, by, count),
  } as const;
});
