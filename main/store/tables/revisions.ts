// Revisions of the configuration; the newest is in force.
import type { Db } from '../open.ts';
import { preparedOnce } from './prepared.ts';

export interface RevisionRow {
  readonly revision: number;
  readonly at: number;
  readonly by: string;
  readonly what: string;
}

export const revisionTable = preparedOnce((db: Db) => {
  const insert = db.prepare('INSERT INTO revision (at, by, what, body) VALUES (?, ?, ?, ?)');
  const newest = db.prepare<[], RevisionRow & { body: string }>(
    'SELECT revision, at, by, what, body FROM revision ORDER BY revision DESC LIMIT 1',
  );
  const body = db.prepare<[number], string>('SELECT body FROM revision WHERE revision = ?').pluck();
  const list = db.prepare<[], RevisionRow>('SELECT revision, at, by, what FROM revision ORDER BY revision DESC');
  return {
    add: (body: string, by: string, what: string, at: number) => Number(insert.run(at, by, what, body).lastInsertRowid),
    newest: () => newest.get(),
    /** The configuration of a revision, as JSON. */
    body: (revision: number) => body.get(revision),
    list: () => list.all(),
  } as const;
});
