// The vault: secrets by name, in the encrypted database and nowhere else.
import type { Db } from '../open.ts';
import { preparedOnce } from './prepared.ts';

export const secretTable = preparedOnce((db: Db) => {
  const find = db.prepare<[string], string>('SELECT value FROM secret WHERE name = ?').pluck();
  const put = db.prepare('INSERT OR REPLACE INTO secret (name, value, at) VALUES (?, ?, ?)');
  return {
    load: (name: string): string | undefined => find.get(name),
    save: (name: string, value: string, at: number): void => void put.run(name, value, at),
  } as const;
});
