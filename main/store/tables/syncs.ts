// The syncs by number, how many live records each has, and the numbers for records that a plan is about to make.
import type { Db } from '../open.ts';
import { preparedOnce } from './prepared.ts';

export const syncTable = preparedOnce((db: Db) => {
  const find = db.prepare<[string], number>('SELECT id FROM sync WHERE name = ?').pluck();
  const insert = db.prepare<[string]>('INSERT INTO sync (name) VALUES (?)');
  const records = db.prepare<[string], number>('SELECT records FROM sync WHERE name = ?').pluck();
  const add = db.prepare<[number, number]>('UPDATE sync SET records = records + ? WHERE id = ?');
  const reserve = db.prepare<[number], number>('UPDATE reserved SET next = next + ? RETURNING next').pluck();
  const next = db.prepare<[], number>('SELECT next FROM reserved').pluck();
  return {
    /** The number of a sync; it gets one when it is first asked for. */
    id: (name: string): number => find.get(name) ?? Number(insert.run(name).lastInsertRowid),
    /** Live records. */
    records: (name: string): number => records.get(name) ?? 0,
    addRecords: (id: number, count: number) => add.run(count, id),
    /** Reserves record numbers; the first of them. */
    reserve: (count: number): number => (reserve.get(count) ?? 0) - count,
    /** All record numbers are below it. */
    nextRecord: (): number => next.get() ?? 1,
  } as const;
});
