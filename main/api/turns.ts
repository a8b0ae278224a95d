// Long looks at the database in turns, so that a run and other questions go on meanwhile.
import { setImmediate as nextTurn } from 'node:timers/promises';

/** What a turn may take. */
const turnMs = 4;

/** Call it between two steps: it lets others have their turn once this one took its time. */
export function takeTurns(): () => Promise<void> {
  let began = performance.now();
  return async () => {
    if (performance.now() - began < turnMs) return;
    await nextTurn();
    began = performance.now();
  };
}
