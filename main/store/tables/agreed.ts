// What all rows of a sync should show, page by page: agreed values beside the keys of the rows that hold them.
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

/** Record numbers in a page: some 10 ms of work. */
const numbersPerPage = 1000;

/** The records of a sync that wait for no person, in the order of their numbers. */
export function* agreedRecords(db: Db, sync: string, endpoints: readonly number[]): Generator<readonly AgreedRecord[]> {
  const keys = endpoints.map(() => "(SELECT key FROM link WHERE record = r.id AND endpoint = ? AND status = 'live')");
  const statement = db
    .prepare<number[], [number, string, ...(string | null)[]]>(
      `SELECT ${['r.id', 'r.golden', ...keys].join(', ')} FROM record r WHERE r.id >= ? AND r.id < ? AND r.sync = ?
         AND NOT EXISTS (SELECT 1 FROM conflict c WHERE c.record = r.id AND c.state <> 'closed') ORDER BY r.id`,
    )
    .raw();
  const unpack = goldenText(db).unpacker();
  const tables = syncTable(db);
  const number = tables.id(sync);
  const end = tables.nextRecord();
  for (let first = 0; first < end; first += numbersPerPage) {
    const rows = statement.all(...endpoints, first, first + numbersPerPage, number);
    yield rows.map(([record, golden, ...rest]) => ({ record, golden: unpack(golden), keys: rest }));
  }
}
