// Finds a question, and refuses what can no longer be decided.
import { KantoError } from '../core/model/error.ts';
import type { ConflictRow, conflictQueueTable } from '../store/tables/queries/conflict-queue.ts';

type Queue = ReturnType<typeof conflictQueueTable>;

export function knownConflict(queue: Queue, id: number): ConflictRow {
  const row = queue.find(id);
  if (row !== undefined) return row;
  throw new KantoError('unknown-conflict', `There is no conflict ${id}.`, 'Look at the list of conflicts.', 'ask-user');
}

/** A question of the given kind that no run has closed yet. */
export function openConflict(queue: Queue, id: number, kind: ConflictRow['kind']): ConflictRow {
  const row = knownConflict(queue, id);
  if (row.state === 'closed') {
    throw new KantoError(
      'not-now',
      `Conflict ${id} of ${row.label} is closed: a run has used its decision, or its sides agree.`,
      'Go on with the next conflict.',
      'ask-user',
    );
  }
  if (row.kind === kind) return row;
  throw new KantoError(
    'invalid-input',
    `Conflict ${id} of ${row.label} is not of this kind: ${row.grp}.`,
    'Answer the question that it asks.',
    'ask-user',
  );
}
