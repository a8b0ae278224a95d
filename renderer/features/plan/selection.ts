// Which writes of a plan are ticked: all but some, or none but some, so that 100,000 ticks cost nothing.

export interface Selection {
  readonly all: boolean;
  /** Ids that are the other way than `all`. */
  readonly flipped: ReadonlySet<number>;
}

export const allTicked: Selection = { all: true, flipped: new Set() };
export const noneTicked: Selection = { all: false, flipped: new Set() };

export function isTicked(selection: Selection, id: number): boolean {
  return selection.all !== selection.flipped.has(id);
}

/** Ticks or unticks these; others stay as they are. */
export function tick(selection: Selection, ids: readonly number[], value: boolean): Selection {
  const flipped = new Set(selection.flipped);
  for (const id of ids) {
    if (selection.all === value) flipped.delete(id);
    else flipped.add(id);
  }
  return { all: selection.all, flipped };
}

export function toggle(selection: Selection, id: number): Selection {
  return tick(selection, [id], !isTicked(selection, id));
}

/** How many of `writes` are ticked. */
export function tickedCount(selection: Selection, writes: number): number {
  return selection.all ? writes - selection.flipped.size : selection.flipped.size;
}

/** What the box in the head shows. */
export function headState(selection: Selection, writes: number): boolean | 'mixed' {
  const ticked = tickedCount(selection, writes);
  if (ticked === 0) return false;
  return ticked === writes ? true : 'mixed';
}
