// Which rows of a long list are on screen, also where the list is taller than a browser can lay out.

/** Browsers stop laying out somewhat above 33 million pixels; past this height the scroll bar is scaled. */
export const MAX_HEIGHT_PX = 30_000_000;

export interface ListView {
  readonly total: number;
  readonly rowHeight: number;
  readonly viewport: number;
}

/** Height of the scrolled content in pixels. */
export function heightOf(view: ListView): number {
  return Math.min(view.total * view.rowHeight, MAX_HEIGHT_PX);
}

function scaleOf(view: ListView): number {
  const height = heightOf(view);
  const virtual = view.total * view.rowHeight;
  return virtual <= height || height <= view.viewport ? 1 : (virtual - view.viewport) / (height - view.viewport);
}

/** Rows to draw, and where the first of them stands in the scrolled content. `last` is inclusive and below `first` when there is none. */
export function windowOf(
  view: ListView,
  scrollTop: number,
  overscan: number,
): { readonly first: number; readonly last: number; readonly top: number } {
  const virtualTop = scrollTop * scaleOf(view);
  const first = Math.max(0, Math.min(Math.floor(virtualTop / view.rowHeight) - overscan, view.total - 1));
  const last = Math.min(view.total - 1, Math.ceil((virtualTop + view.viewport) / view.rowHeight) + overscan);
  return { first, last, top: scrollTop - virtualTop + first * view.rowHeight };
}

/** The scroll position that shows a row with the least movement. */
export function scrollFor(view: ListView, scrollTop: number, index: number): number {
  const scale = scaleOf(view);
  const virtualTop = scrollTop * scale;
  const top = index * view.rowHeight;
  if (top < virtualTop) return top / scale;
  const bottom = top + view.rowHeight;
  return bottom > virtualTop + view.viewport ? (bottom - view.viewport) / scale : scrollTop;
}
