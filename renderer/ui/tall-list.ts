// A list that may be taller than a browser draws exactly: its own pixels, and the scrolled pixels that stand for them.

/**
 * Browsers lay out some 33 million pixels, but they draw with 24 bits: further down than this, rows stand up to two pixels off. Past this height
 * the scroll bar is scaled.
 */
export const MAX_HEIGHT_PX = 4_000_000;

/** A wheel or a finger moves less than this between two frames; the thumb of a scaled scroll bar moves more with each pixel of the pointer. */
const LEAP_PX = 1_500;

/** So close to either end the scroll bar is not scaled: a finger comes to the very first row. */
const END_PX = 100_000;

export interface TallList {
  readonly total: number;
  readonly rowHeight: number;
  /** Height in which rows are seen, in pixels. */
  readonly viewport: number;
}

/** Where a list stands. */
export interface Place {
  /** Of the scrolled element. */
  readonly scrollTop: number;
  /** Pixels of the list above those in sight. */
  readonly offset: number;
}

export const START: Place = { scrollTop: 0, offset: 0 };

function wholeOf(list: TallList): number {
  return list.total * list.rowHeight;
}

/** Height of the scrolled content in pixels. */
export function heightOf(list: TallList): number {
  return Math.min(wholeOf(list), MAX_HEIGHT_PX);
}

function mostOffset(list: TallList): number {
  return Math.max(0, wholeOf(list) - list.viewport);
}

function mostScroll(list: TallList): number {
  return Math.max(0, heightOf(list) - list.viewport);
}

function isScaled(list: TallList): boolean {
  return wholeOf(list) > heightOf(list);
}

/**
 * The place whose scroll bar says how far into the list it is: as far from an end as the list near that end, and by its share between.
 */
export function placeAt(list: TallList, offset: number): Place {
  const most = mostOffset(list);
  const at = Math.max(0, Math.min(offset, most));
  if (!isScaled(list)) return { offset: at, scrollTop: at };
  return { offset: at, scrollTop: translated(at, most, mostScroll(list)) };
}

/** A position between 0 and `most` as one between 0 and `range`. */
function translated(at: number, most: number, range: number): number {
  if (at <= END_PX) return at;
  if (at >= most - END_PX) return range - (most - at);
  return END_PX + ((at - END_PX) / (most - 2 * END_PX)) * (range - 2 * END_PX);
}

/**
 * Where the list stands once the element was scrolled from `was` to `scrollTop`. Small steps move the rows as far as the element, so that
 * they stay under the finger; leaps go by the share of the scroll bar. A `scrollTop` other than the one given: the element must go there,
 * for it has come to its end before the list has.
 */
export function moved(list: TallList, was: Place, scrollTop: number): Place {
  if (!isScaled(list)) return { scrollTop, offset: scrollTop };
  const by = scrollTop - was.scrollTop;
  if (Math.abs(by) > LEAP_PX) return { scrollTop, offset: translated(scrollTop, mostScroll(list), mostOffset(list)) };
  const offset = Math.max(0, Math.min(was.offset + by, mostOffset(list)));
  const isEarly = (scrollTop <= 0 && offset > 0) || (scrollTop >= mostScroll(list) && offset < mostOffset(list));
  return isEarly ? placeAt(list, offset) : { scrollTop, offset };
}

/** Where the row with this number stands in the scrolled content. */
export function topOf(list: TallList, { scrollTop, offset }: Place, index: number): number {
  return scrollTop - offset + index * list.rowHeight;
}

/** The rows in sight and `beyond` on either side; `last` is inclusive. */
export function rowsAt(list: TallList, { offset }: Place, beyond: number): { readonly first: number; readonly last: number } {
  const at = Math.min(offset, mostOffset(list));
  return {
    first: Math.max(0, Math.floor(at / list.rowHeight) - beyond),
    last: Math.min(list.total, Math.ceil((at + list.viewport) / list.rowHeight) + beyond) - 1,
  };
}

/** The place that shows a row with the least movement; the same place where it is in sight. */
export function revealed(list: TallList, was: Place, index: number): Place {
  const top = index * list.rowHeight;
  if (top < was.offset) return placeAt(list, top);
  const bottom = top + list.rowHeight;
  return bottom > was.offset + list.viewport ? placeAt(list, bottom - list.viewport) : was;
}
