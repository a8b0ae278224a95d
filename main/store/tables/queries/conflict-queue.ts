// The review queue: open questions in groups of alike ones, their fields, and how many there are.
import type { Db } from '../../open.ts';
import { uuidText } from '../uuid.ts';
import type { HoldReason } from '../../../core/model/record.ts';
import { anywhere, statements, where } from './statements.ts';
import type { Bind } from './statements.ts';

export interface QueueFilter {
  readonly sync?: string | undefined;
  readonly text?: string | undefined;
  readonly field?: string | undefined;
}

export interface ConflictRow {
  readonly id: number;
  readonly sync: string;
  readonly record: number | null;
  readonly uuid: string | null;
  readonly kind: 'fields' | 'presence' | 'match';
  readonly state: 'open' | 'decided' | 'closed';
  readonly label: string;
  readonly body: string | null;
  readonly run: number;
  readonly since: number;
  readonly grp: string;
}

export interface ConflictFieldRow {
  readonly field: string;
  readonly reason: HoldReason;
  readonly state: 'open' | 'decided';
  readonly base: string | null;
  readonly candidates: string;
  readonly choice: string | null;
  readonly decidedAt: number | null;
}

const columns = `c.id, c.sync, c.record, ${uuidText('r.uuid')} AS uuid, c.kind, c.state, c.label, c.body, c.opened_run AS run, c.opened_at AS since, c.grp`;
const source = 'conflict c LEFT JOIN record r ON r.id = c.record';

export function conflictQueueTable(db: Db) {
  const prepare = statements(db);
  const conditions = (filter: QueueFilter) =>
    where([
      "c.state <> 'closed'",
      filter.sync !== undefined && 'c.sync = @sync',
      filter.field !== undefined && "c.id IN (SELECT conflict FROM conflict_field WHERE field = @field AND state <> 'closed')",
      filter.text !== undefined && "(c.label LIKE @text ESCAPE '\\' OR c.grp LIKE @text ESCAPE '\\' OR CAST(c.id AS TEXT) = @exact)",
    ]);
  const bind = (filter: QueueFilter): Bind => ({
    ...(filter.sync === undefined ? {} : { sync: filter.sync }),
    ...(filter.field === undefined ? {} : { field: filter.field }),
    ...(filter.text === undefined ? {} : { text: anywhere(filter.text), exact: filter.text }),
  });
  const find = db.prepare<[number], ConflictRow>(`SELECT ${columns} FROM ${source} WHERE c.id = ?`);
  const fields = db.prepare<[number], ConflictFieldRow>(
    `SELECT field, reason, state, base, candidates, choice, decided_at AS decidedAt FROM conflict_field WHERE conflict = ? AND state <> 'closed' ORDER BY field`,
  );
  const alike = db.prepare<
    [string, string, string, number, number, number],
    { id: number; since: number; candidates: string; base: string | null }
  >(
    `SELECT c.id, c.opened_at AS since, f.candidates, f.base FROM conflict c CROSS JOIN conflict_field f ON f.conflict = c.id AND f.field = ?
     WHERE c.grp = ? AND c.sync = ? AND c.state <> 'closed' AND (c.opened_at, c.id) > (?, ?) AND f.state = 'open' ORDER BY c.opened_at, c.id LIMIT ?`,
  );
  const bySync = db.prepare<[], { sync: string; state: 'open' | 'decided'; count: number; since: number }>(
    "SELECT sync, state, count(*) AS count, min(opened_at) AS since FROM conflict WHERE state <> 'closed' GROUP BY sync, state",
  );
  const ofSync = db.prepare<[string], { state: 'open' | 'decided'; count: number; since: number }>(
    "SELECT state, count(*) AS count, min(opened_at) AS since FROM conflict WHERE sync = ? AND state <> 'closed' GROUP BY state",
  );
  const openFields = db.prepare<[string], { field: string; count: number }>(
    `SELECT f.field, count(*) AS count FROM conflict c CROSS JOIN conflict_field f ON f.conflict = c.id
     WHERE c.sync = ? AND c.state <> 'closed' AND f.state <> 'closed' GROUP BY f.field`,
  );
  const decidedSince = db.prepare<[number], number>('SELECT count(*) FROM conflict WHERE decided_at >= ?').pluck();
  return {
    find: (id: number) => find.get(id),
    fields: (id: number) => fields.all(id),
    total: (filter: QueueFilter) =>
      prepare<{ total: number }>(`SELECT count(*) AS total FROM conflict c ${conditions(filter)}`).get(bind(filter))?.total ?? 0,
    groups: (filter: QueueFilter) =>
      prepare<{ group: string; count: number }>(
        `SELECT c.grp AS "group", count(*) AS count FROM conflict c ${conditions(filter)} GROUP BY c.grp ORDER BY c.grp`,
      ).all(bind(filter)),
    /** In order of group, oldest first. */
    page: (filter: QueueFilter, offset: number, limit: number) =>
      prepare<ConflictRow>(
        `SELECT ${columns} FROM (SELECT c.id AS one FROM conflict c ${conditions(filter)} ORDER BY c.grp, c.opened_at, c.id LIMIT @limit OFFSET @offset)
         JOIN conflict c ON c.id = one LEFT JOIN record r ON r.id = c.record ORDER BY c.grp, c.opened_at, c.id`,
      ).all({ ...bind(filter), limit, offset }),
    /** A page of undecided questions of the same group and sync about the same field, oldest first, after a mark. */
    alike: (field: string, group: string, sync: string, after: { readonly since: number; readonly id: number }, limit: number) =>
      alike.all(field, group, sync, after.since, after.id, limit),
    /** Counts of what is not closed, and since when the oldest waits. */
    bySync: () => bySync.all(),
    /** The same of one sync. */
    ofSync: (sync: string) => ofSync.all(sync),
    openFields: (sync: string) => openFields.all(sync),
    decidedSince: (at: number) => decidedSince.get(at) ?? 0,
  } as const;
}
