// Remembers where the lines of a plan stand: every five-hundredth line of a group, found once from the nearer end, makes any page a short step.
import type { itemListTable, LineGroup, StretchCounts } from '../store/tables/queries/item-list.ts';
import type { ItemState } from '../store/tables/plan-items.ts';
import { takeTurns } from './turns.ts';

const states: readonly ItemState[] = ['planned', 'done', 'moved', 'failed', 'withheld', 'skipped'];

type Table = ReturnType<typeof itemListTable>;

/** Lines between two remembered ones. */
const step = 500;
/** After so many stretches that are as they were, what follows is as it was: a run writes in the order of the lines. */
const unchangedInARow = 8;

/** `from` is a line; what is wanted begins `skip` lines after it. */
export interface Place {
  readonly from: number;
  readonly skip: number;
}

export interface GroupDirectory {
  readonly group: LineGroup;
  readonly lines: number;
  /** Where the line with this rank is. */
  place(rank: number): Promise<Place>;
  /** Lines by state, as far as a run that `isWriting` has come. */
  states(version: string, isWriting: boolean): Promise<ReadonlyMap<ItemState, number>>;
  /** Lines in a state, by their ranks among these. Ask for the states first. */
  idsIn(state: ItemState, rank: number, limit: number): Promise<number[]>;
}

interface Stretch {
  readonly counts: StretchCounts;
  /** The state of the world that it shows; undefined: nothing in it can change any more. */
  readonly version: string | undefined;
}

/** The lines of a sealed plan stay as they are; only their states change. `isUniform`: all were planned when the run began to write. */
export function groupDirectory(table: Table, group: LineGroup, lines: number, isUniform: boolean): GroupDirectory {
  /** Line numbers at rank 0, 500, 1000 ... as far as they were looked for. */
  const starts: number[] = [];
  /** Line numbers 500, 1000 ... lines before the end. */
  const ends: number[] = [];
  const stretches: Stretch[] = [];
  const stretchCount = Math.ceil(lines / step);

  const extendStarts = (): void => {
    const before = starts.at(-1);
    starts.push((before === undefined ? table.forward(group, 0, 0) : table.forward(group, before, step)) ?? Number.MAX_SAFE_INTEGER);
  };
  const extendEnds = (): void => {
    ends.push(table.backward(group, ends.at(-1) ?? Number.MAX_SAFE_INTEGER, step - 1) ?? 0);
  };
  const startOf = async (stretch: number, turn: () => Promise<void>): Promise<number> => {
    while (starts.length <= stretch) {
      extendStarts();
      await turn();
    }
    return starts[stretch] ?? 0;
  };
  const place = async (rank: number): Promise<Place> => {
    const turn = takeTurns();
    const stretch = Math.floor(rank / step);
    const fromEnd = Math.ceil((lines - rank) / step);
    if (fromEnd * step <= lines && fromEnd - ends.length < stretch + 1 - starts.length) {
      while (ends.length < fromEnd) {
        extendEnds();
        await turn();
      }
      return { from: ends[fromEnd - 1] ?? 0, skip: rank - (lines - fromEnd * step) };
    }
    return { from: await startOf(stretch, turn), skip: rank % step };
  };
  const linesOf = (index: number): number => Math.min(step, lines - index * step);
  const known = (index: number, state: ItemState): number =>
    stretches[index]?.counts[state] ?? (isUniform && state === 'planned' ? linesOf(index) : 0);
  const look = async (index: number, version: string, turn: () => Promise<void>): Promise<boolean> => {
    const counts = table.stretch(group, await startOf(index, turn), step);
    const isUnchanged = counts.planned === known(index, 'planned');
    stretches[index] = { counts, version: counts.planned === 0 ? undefined : version };
    await turn();
    return isUnchanged;
  };

  return {
    group,
    lines,
    place,
    async states(version, isWriting) {
      const turn = takeTurns();
      const wasLookedAt = stretches.length === stretchCount;
      for (let index = 0, unchanged = 0; index < stretchCount && unchanged < unchangedInARow; index += 1) {
        const own = stretches[index];
        if (own !== undefined && (own.version === undefined || (own.version === version && !isWriting))) continue;
        const isSame = await look(index, version, turn);
        unchanged = isSame && isWriting && (isUniform || wasLookedAt) ? unchanged + 1 : 0;
      }
      const sums = new Map<ItemState, number>();
      for (let index = 0; index < stretchCount; index += 1) {
        for (const state of states) sums.set(state, (sums.get(state) ?? 0) + known(index, state));
      }
      return sums;
    },
    async idsIn(state, rank, limit) {
      const turn = takeTurns();
      const ids: number[] = [];
      for (let index = 0, before = 0; index < stretchCount && ids.length < limit; index += 1) {
        const own = known(index, state);
        const skip = Math.max(0, rank - before);
        // No more than there are: a search for one that is not there would walk to the end.
        const wanted = Math.min(limit - ids.length, own - skip);
        if (wanted > 0) ids.push(...table.idsInState(group, state, await startOf(index, turn), skip, wanted));
        before += own;
      }
      return ids;
    },
  };
}
