// Which rows of a list are on screen: TanStack Virtual, which here scrolls the list's own pixels, however many a browser can lay out.
import { observeElementOffset, observeElementRect, useVirtualizer } from '@tanstack/react-virtual';
import type { Virtualizer } from '@tanstack/react-virtual';
import type { RefObject } from 'react';
import { heightOf, offsetOf, scrollOf, topOf } from './tall-list.ts';
import type { TallList } from './tall-list.ts';

export interface ListWindow {
  /** The rows to draw; `last` is inclusive and below `first` when there is none. */
  readonly first: number;
  readonly last: number;
  /** Where the first row stands in the scrolled content, in pixels. */
  readonly top: number;
  /** Height of the scrolled content in pixels. */
  readonly height: number;
  /** Height in which rows are seen, in pixels. */
  readonly viewport: number;
}

export interface ListWindowOptions {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly total: number;
  readonly rowHeight: number;
  /** Height of what stays on top of the rows. */
  readonly headPx: number;
}

type ListVirtualizer = Virtualizer<HTMLDivElement, HTMLDivElement>;

/** Rows that are drawn on either side of those on screen. */
const OVERSCAN = 8;
/** Until the element is measured. */
const FIRST_VIEWPORT_PX = 600;

export function useWindow({ scroller, total, rowHeight, headPx }: ListWindowOptions): ListWindow {
  const listOf = (instance: ListVirtualizer): TallList => ({
    total: instance.options.count,
    rowHeight,
    viewport: instance.scrollRect?.height ?? FIRST_VIEWPORT_PX,
  });
  // oxlint-disable-next-line react/incompatible-library -- what it gives is read in this render and handed to nothing that is memoised
  const virtualizer = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: total,
    overscan: OVERSCAN,
    estimateSize: () => rowHeight,
    getScrollElement: () => scroller.current,
    initialRect: { width: 0, height: FIRST_VIEWPORT_PX },
    observeElementRect: (instance, report) =>
      observeElementRect(instance, ({ width, height }) => report({ width, height: Math.max(rowHeight, height - headPx) })),
    observeElementOffset: (instance, report) =>
      observeElementOffset(instance, (scrollTop, isScrolling) => report(offsetOf(listOf(instance), scrollTop), isScrolling)),
    scrollToFn: (offset, _, instance) => instance.scrollElement?.scrollTo({ top: scrollOf(listOf(instance), offset) }),
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const list = listOf(virtualizer);
  return {
    first,
    last: items.at(-1)?.index ?? -1,
    top: topOf(list, virtualizer.scrollOffset ?? 0, first),
    height: heightOf(list),
    viewport: list.viewport,
  };
}
