// Which rows of a list are on screen, however long it is: all rows are of one height, so nothing is measured and nothing is kept a row.
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { flushSync } from 'react-dom';
import { heightOf, moved, placeAt, revealed, rowsAt, START, topOf } from './tall-list.ts';
import type { Place, TallList } from './tall-list.ts';
import { useLatest } from './use-latest.ts';

export interface ListWindow {
  /** The rows to draw; `last` is inclusive and below `first` when there is none. */
  readonly first: number;
  readonly last: number;
  /** The most rows that are drawn at once. */
  readonly most: number;
  /** Where the first row stands in the scrolled content, in pixels. */
  readonly top: number;
  /** Height of the scrolled content in pixels. */
  readonly height: number;
  /** Height in which rows are seen, in pixels. */
  readonly viewport: number;
  /** Scrolls as little as it takes to have the row in sight. */
  readonly reveal: (index: number) => void;
  /** Scrolls to the top. */
  readonly restart: () => void;
}

export interface ListWindowOptions {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly total: number;
  readonly rowHeight: number;
  /** Height of what stays on top of the rows. */
  readonly headPx: number;
}

/** Rows that are drawn on either side of those on screen. */
const BEYOND = 6;
/** Until the element is measured. */
const FIRST_VIEWPORT_PX = 600;

interface Seen {
  readonly place: Place;
  readonly viewport: number;
}

export function useWindow({ scroller, total, rowHeight, headPx }: ListWindowOptions): ListWindow {
  const [seen, setSeen] = useState<Seen>({ place: START, viewport: FIRST_VIEWPORT_PX });
  const list: TallList = useMemo(() => ({ total, rowHeight, viewport: seen.viewport }), [total, rowHeight, seen.viewport]);
  const latest = useLatest(list);
  const place = useRef(START);

  const go = useCallback(
    (next: Place, element: HTMLElement): void => {
      if (Math.abs(next.scrollTop - element.scrollTop) >= 1) element.scrollTop = next.scrollTop;
      place.current = { scrollTop: element.scrollTop, offset: next.offset };
      setSeen((was) => (isSameSight(latest.current, was, place.current) ? was : { ...was, place: place.current }));
    },
    [latest],
  );

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const measure = (): void => {
      const viewport = Math.max(rowHeight, element.clientHeight - headPx);
      setSeen((was) => (was.viewport === viewport ? was : { ...was, viewport }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, rowHeight, headPx]);

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    // The rows of the new place are drawn in the very frame that shows it.
    const onScroll = (): void => flushSync(() => go(moved(latest.current, place.current, element.scrollTop), element));
    // At rest the scroll bar is put where the list is; the rows stay where they are.
    const onRest = (): void => flushSync(() => go(placeAt(latest.current, place.current.offset), element));
    element.addEventListener('scroll', onScroll, { passive: true });
    element.addEventListener('scrollend', onRest, { passive: true });
    return () => {
      element.removeEventListener('scroll', onScroll);
      element.removeEventListener('scrollend', onRest);
    };
  }, [scroller, latest, go]);

  // A list that became shorter may end above where it stands.
  useLayoutEffect(() => {
    const fitting = placeAt(list, place.current.offset);
    if (scroller.current !== null && fitting.offset < place.current.offset) go(fitting, scroller.current);
  }, [scroller, list, go]);

  const reveal = useCallback(
    (index: number): void => {
      const next = revealed(latest.current, place.current, index);
      if (scroller.current !== null && next !== place.current) go(next, scroller.current);
    },
    // oxlint-disable-next-line react/preserve-manual-memoization -- `scroller` is a ref, read when it is asked for
    [scroller, latest, go],
  );
  const restart = useCallback((): void => {
    if (scroller.current !== null) go(START, scroller.current);
    // oxlint-disable-next-line react/preserve-manual-memoization -- `scroller` is a ref, read when it is asked for
  }, [scroller, go]);

  const { first, last } = rowsAt(list, seen.place, BEYOND);
  return {
    first,
    last,
    most: Math.ceil(seen.viewport / rowHeight) + 2 * BEYOND + 1,
    top: Math.round(topOf(list, seen.place, first)),
    height: heightOf(list),
    viewport: seen.viewport,
    reveal,
    restart,
  };
}

function isSameSight(list: TallList, { place: before }: Seen, now: Place): boolean {
  const was = rowsAt(list, before, BEYOND);
  const is = rowsAt(list, now, BEYOND);
  return was.first === is.first && was.last === is.last && Math.round(topOf(list, before, 0)) === Math.round(topOf(list, now, 0));
}
