// Plans: made, sealed with a hash, kept as the record of what a run said it would do.
import type { Db } from '../open.ts';
import type { ItemKind } from './plan-items.ts';
import { preparedOnce } from './prepared.ts';

export interface PlanSummary {
  readonly complete: Readonly<Record<string, boolean>>;
  readonly notices: readonly string[];
  readonly limits: readonly { readonly kind: string; readonly used: number; readonly limit: number }[];
  readonly counts: readonly { readonly endpoint: string; readonly kind: ItemKind; readonly count: number }[];
  /** Fields that are neither read nor written at an endpoint, because of what was found there. */
  readonly paused?: readonly { readonly endpoint: string; readonly field: string; readonly cells: number; readonly why: string }[];
  /** The run that the plan undoes, and what stays as it is. */
  readonly undo?: { readonly run: number; readonly kept: readonly KeptLine[]; readonly keptCount: number };
}

/** What an undo leaves, and why; without a key it is about every row. */
export interface KeptLine {
  readonly endpoint: string;
  readonly key?: readonly string[] | undefined;
  readonly field?: string | undefined;
  readonly why: string;
}

export interface PlanRow {
  readonly id: number;
  readonly sync: string;
  readonly revision: number;
  readonly madeAt: number;
  /** Empty while it is being made. */
  readonly hash: string;
  readonly summary: string;
  readonly run: number | null;
}

const columns = 'id, sync, revision, made_at AS madeAt, hash, summary, run';

export const planTable = preparedOnce((db: Db) => {
  const insert = db.prepare("INSERT INTO plan (sync, revision, made_at, hash, summary, run) VALUES (?, ?, ?, '', '{}', ?)");
  const seal = db.prepare('UPDATE plan SET hash = ?, summary = ? WHERE id = ?');
  const find = db.prepare<[number], PlanRow>(`SELECT ${columns} FROM plan WHERE id = ?`);
  const previews = db.prepare<[string, number], number>('SELECT id FROM plan WHERE sync = ? AND run IS NULL AND id < ?').pluck();
  const unsealed = db.prepare<[], number>("SELECT id FROM plan WHERE hash = ''").pluck();
  const dropItems = db.prepare('DELETE FROM item WHERE id IN (SELECT id FROM item WHERE plan = ? LIMIT ?)');
  const drop = db.prepare('DELETE FROM plan WHERE id = ?');
  // The number of a plan that is gone is given again: no run may name it any more.
  const disown = db.prepare('UPDATE run SET plan = NULL WHERE plan = ?');
  return {
    create: (sync: string, revision: number, at: number, run: number | null) => Number(insert.run(sync, revision, at, run).lastInsertRowid),
    seal: (id: number, hash: string, summary: PlanSummary) => seal.run(hash, JSON.stringify(summary), id),
    find: (id: number) => find.get(id),
    /** Previews that a newer plan replaces. */
    previews: (sync: string, before: number) => previews.all(sync, before),
    /** Plans that were never finished, after a crash. */
    unsealed: () => unsealed.all(),
    /** Drops at most `limit` lines, and the plan once it has none; true while there is more. */
    drop(id: number, limit: number): boolean {
      if (dropItems.run(id, limit).changes > 0) return true;
      disown.run(id);
      drop.run(id);
      return false;
    },
  } as const;
});
