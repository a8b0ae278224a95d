// What rows of a sync should show: agreed values beside the keys of the rows that hold them.
import type { Values } from '../../core/model/value.ts';
import type { Db } from '../open.ts';
import { goldenText } from './golden.ts';
import { syncTable } from './syncs.ts';

export interface AgreedRecord {
  readonly record: number;
  readonly golden: Values;
  /** JSON of the native key by the place of the endpoint in the list; null where no live row is linked. */
  readonly keys: readonly (string | null)[];
}

/** Answers with those live records of a sync that wait for no person and have numbers from `first` to `end`, without `end`. */
export function agreedRecords(db: Db, sync: string, endpoints: readonly number[]) {
  const keys = endpoints.map(() => "(SELECT key FROM link WHERE record = r.id AND endpoint = ? AND status = 'live')");
  const statement = db
    .prepare<number[], [number, string, ...(string | null)[]]>(
      `SELECT ${['r.id', 'r.golden', ...keys].join(', ')} FROM record r WHERE r.id >= ? AND r.id < ? AND r.sync = ? AND r.status = 'live'
         AND NOT EXISTS (SELECT 1 FROM conflict c WHERE c.record = r.id AND c.state <> 'closed')`,
    )
    .raw();
  const unpack = goldenText(db).unpacker();
  const number = syncTable(db).id(sync);
  return (first: number, end: number): readonly AgreedRecord[] =>
    statement.all(...endpoints, first, end, number).map(([record, golden, ...rest]) => ({ record, golden: unpack(golden), keys: rest }));
}
