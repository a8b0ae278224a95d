// The rows of a queue whose items stand in groups that fold.

export type QueueRow =
  | { readonly kind: 'group'; readonly group: string; readonly count: number; readonly isOpen: boolean }
  /** `rank` counts the items of the whole queue from 0, folded ones included. */
  | { readonly kind: 'item'; readonly group: string; readonly rank: number };

/** The rows of the queue by number, without a list of them: each group's head, and its items where it is not folded. */
export interface QueueLayout {
  readonly total: number;
  readonly at: (row: number) => QueueRow | undefined;
  /** The row of an item; of its group's head where that is folded. */
  readonly rowOf: (rank: number) => number | undefined;
}

/** Items come in the order of the groups. */
export function queueLayout(
  groups: readonly { readonly group: string; readonly count: number }[],
  folded: ReadonlySet<string>,
): QueueLayout {
  let rows = 0;
  let ranks = 0;
  const parts = groups.map(({ group, count }) => {
    const part = { group, count, isOpen: !folded.has(group), row: rows, rank: ranks };
    rows += part.isOpen ? count + 1 : 1;
    ranks += count;
    return part;
  });
  return {
    total: rows,
    at(row) {
      const part = parts.findLast((one) => one.row <= row);
      if (part === undefined || row >= rows) return undefined;
      const { group, count, isOpen } = part;
      return row === part.row ? { kind: 'group', group, count, isOpen } : { kind: 'item', group, rank: part.rank + row - part.row - 1 };
    },
    rowOf(rank) {
      const part = parts.findLast((one) => one.rank <= rank);
      if (part === undefined || rank >= ranks) return undefined;
      return part.isOpen ? part.row + 1 + rank - part.rank : part.row;
    },
  };
}
