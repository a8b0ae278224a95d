// A search through the lines of a plan that goes on with each question and remembers what it found.
import type { ItemTerms, itemSearchTable } from '../store/tables/queries/item-search.ts';
import type { GroupDirectory } from './item-directory.ts';
import { takeTurns } from './turns.ts';

export interface ItemSearch {
  /** In the order of the list. */
  readonly hits: readonly number[];
  /** Every line was looked at. */
  isOver(): boolean;
  /** Looks on, for as long as a question may wait. */
  look(): Promise<void>;
}

/** Lines of one step. */
const step = 250;
/** How long a question waits, in milliseconds: what is found by then is its answer. */
const patienceMs = 40;

/** Nothing is looked at unless somebody asks: a search that nobody wants any more costs nothing. */
export function startSearch(table: ReturnType<typeof itemSearchTable>, groups: readonly GroupDirectory[], terms: ItemTerms): ItemSearch {
  const hits: number[] = [];
  let index = 0;
  let from = 0;
  const one = (): void => {
    const at = groups[index];
    if (at === undefined) return;
    const { hits: found, next } = table.search(at.group, terms, from, step);
    hits.push(...found);
    if (next === undefined) index += 1;
    from = next ?? 0;
  };
  const isOver = () => index >= groups.length;
  return {
    hits,
    isOver,
    async look() {
      const began = performance.now();
      const turn = takeTurns();
      while (!isOver() && performance.now() - began < patienceMs) {
        one();
        await turn();
      }
    },
  };
}
