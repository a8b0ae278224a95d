// A list that may be taller than a browser can lay out: its own pixels, and the scrolled pixels that stand for them.

/** Browsers stop laying out somewhat above 33 million pixels; past this height the scroll bar is scaled. */
export const MAX_HEIGHT_PX = 30_000_000;

export interface TallList {
  readonly total: number;
  readonly rowHeight: number;
  /** Height in which rows are seen, in pixels. */
  readonly viewport: number;
}

/** Height of the scrolled content in pixels. */
export function heightOf(list: TallList): number {
  return Math.min(list.total * list.rowHeight, MAX_HEIGHT_PX);
}

/** Pixels of the list for each scrolled pixel; 1 unless the list is too tall. */
function scaleOf(list: TallList): number {
  const height = heightOf(list);
  const whole = list.total * list.rowHeight;
  return whole <= height || height <= list.viewport ? 1 : (whole - list.viewport) / (height - list.viewport);
}

/** How far into the list a scroll position is. */
export function offsetOf(list: TallList, scrollTop: number): number {
  return scrollTop * scaleOf(list);
}

/** The scroll position of an offset into the list. */
export function scrollOf(list: TallList, offset: number): number {
  return offset / scaleOf(list);
}

/** Where a row stands in the scrolled content while the list is scrolled to `offset`. */
export function topOf(list: TallList, offset: number, index: number): number {
  return scrollOf(list, offset) - offset + index * list.rowHeight;
}

/** The scroll position that shows a row with the least movement. */
export function scrollFor(list: TallList, scrollTop: number, index: number): number {
  const offset = offsetOf(list, scrollTop);
  const top = index * list.rowHeight;
  if (top < offset) return scrollOf(list, top);
  const bottom = top + list.rowHeight;
  return bottom > offset + list.viewport ? scrollOf(list, bottom - list.viewport) : scrollTop;
}
