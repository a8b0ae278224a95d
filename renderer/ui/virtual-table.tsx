// A table of any length: only the rows on screen exist, further rows are fetched as they come near, everything works with the keyboard.
// biome-ignore-all lint/a11y/useSemanticElements: rows that are fetched and drawn as they come near cannot be a table element
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names the active row
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the keys of the table move and open
// biome-ignore-all lint/a11y/noNoninteractiveTabindex: a grid takes the focus for its rows
// oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/click-events-have-key-events
import { useCallback, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useKeys } from './keys.tsx';
import type { RowSource } from './paged.ts';
import { ErrorState, SkeletonRows } from './states.tsx';
import { heightOf, scrollFor, windowOf } from './window-of.ts';
import { useMedia } from './use-media.ts';

export interface Column<Row> {
  readonly id: string;
  readonly head: ReactNode;
  /** A track of a CSS grid: `96px`, `minmax(120px, 2fr)`. */
  readonly width: string;
  readonly align?: 'left' | 'right';
  /** 1 always, 2 above 860 px, 3 above 1180 px. */
  readonly rank?: 1 | 2 | 3;
  readonly cell: (row: Row, index: number) => ReactNode;
}

export interface VirtualTableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly source: RowSource<Row>;
  readonly rowHeight?: number;
  readonly selected: number;
  readonly onSelect: (index: number) => void;
  /** Enter or a double click. */
  readonly onOpen?: ((row: Row, index: number) => void) | undefined;
  /** Says what Enter does, for the status bar. */
  readonly opens?: string;
  readonly rowClass?: (row: Row) => string;
  /** Shown when there is no row. */
  readonly empty?: ReactNode;
  /** On arrival the focus is here, unless the person put it elsewhere. */
  readonly takesFocus?: boolean;
  readonly onRetry?: () => void;
  /** Keys of the rows act anywhere on the screen; switch off where another list has them. */
  readonly keysActive?: boolean;
}

const OVERSCAN = 8;

export function VirtualTable<Row>(props: VirtualTableProps<Row>): ReactNode {
  const {
    label,
    columns,
    source,
    rowHeight = 32,
    selected,
    onSelect,
    onOpen,
    opens = 'open',
    empty,
    takesFocus = false,
    onRetry,
    keysActive = true,
  } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ scrollTop: 0, viewport: 600 });
  const isMedium = useMedia('(max-width: 1180px)');
  const isSmall = useMedia('(max-width: 860px)');
  const shown = columns.filter((column) => (column.rank ?? 1) === 1 || !(isSmall || (isMedium && column.rank === 3)));
  const total = source.total ?? 0;
  const list = { total, rowHeight, viewport: view.viewport };
  const rows = windowOf(list, view.scrollTop, OVERSCAN);
  const { want } = source;

  useEffect(() => want(Math.max(0, rows.first), Math.max(rows.last, 0)), [want, rows.first, rows.last]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = (): void => setView({ scrollTop: element.scrollTop, viewport: Math.max(rowHeight, element.clientHeight - HEAD_PX) });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [rowHeight]);

  const isReady = source.total !== undefined;
  useEffect(() => {
    if (takesFocus && isReady && (document.activeElement === null || document.activeElement === document.body))
      scroller.current?.focus({ preventScroll: true });
  }, [takesFocus, isReady]);

  const select = useCallback(
    (index: number): void => {
      const element = scroller.current;
      if (total === 0 || element === null) return;
      const next = Math.max(0, Math.min(total - 1, index));
      const viewport = Math.max(rowHeight, element.clientHeight - HEAD_PX);
      element.scrollTop = scrollFor({ total, rowHeight, viewport }, element.scrollTop, next);
      onSelect(next);
    },
    [total, rowHeight, onSelect],
  );

  const pageRows = Math.max(1, Math.floor(view.viewport / rowHeight) - 1);
  const open = (): void => {
    const row = source.at(selected);
    if (row !== undefined) onOpen?.(row, selected);
  };
  useKeys(
    label,
    [
      { keys: ['j', 'ArrowDown'], label: 'move', shown: ['j', 'k'], hint: true, repeats: true, run: () => select(selected + 1) },
      { keys: ['k', 'ArrowUp'], label: 'move back', unlisted: true, repeats: true, run: () => select(selected - 1) },
      { keys: 'PageDown', label: 'a page on', repeats: true, run: () => select(selected + pageRows) },
      { keys: 'PageUp', label: 'a page back', repeats: true, run: () => select(selected - pageRows) },
      { keys: 'Home', label: 'first', run: () => select(0) },
      { keys: 'End', label: 'last', run: () => select(total - 1) },
      ...(onOpen === undefined ? [] : [{ keys: 'Enter', label: opens, hint: true, run: open }]),
    ],
    { active: keysActive && total > 0, rank: 1 },
  );

  const tracks = shown.map((column) => column.width).join(' ');
  const body = (): ReactNode => {
    if (source.problem !== undefined && source.total === undefined)
      return <ErrorState problem={source.problem} {...(onRetry === undefined ? {} : { onRetry })} />;
    if (source.total === undefined) return <SkeletonRows height={rowHeight} />;
    if (total === 0) return empty ?? <p className="vt__none t3">Nothing here.</p>;
    return (
      <div className="vt__body" style={{ height: heightOf(list) }} role="rowgroup">
        <div className="vt__rows" style={{ top: rows.top }} role="presentation">
          {Array.from({ length: rows.last - rows.first + 1 }, (_, offset) => {
            const index = rows.first + offset;
            const row = source.at(index);
            return (
              <div
                key={index}
                id={`${id}-${index}`}
                role="row"
                aria-rowindex={index + 2}
                aria-selected={index === selected}
                className={`vt__row ${row === undefined ? '' : (props.rowClass?.(row) ?? '')}`}
                style={{ gridTemplateColumns: tracks, height: rowHeight }}
                onClick={() => onSelect(index)}
                onDoubleClick={() => (row === undefined ? undefined : onOpen?.(row, index))}
              >
                {shown.map((column) => (
                  <div key={column.id} role="gridcell" className={column.align === 'right' ? 'vt__cell num' : 'vt__cell'}>
                    {row === undefined ? <span className="skeleton skeleton--cell" /> : column.cell(row, index)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    );
  };

  return (
    <div
      ref={scroller}
      className="vt"
      role="grid"
      aria-label={label}
      aria-rowcount={total + 1}
      aria-busy={source.total === undefined}
      {...(total > 0 && selected >= rows.first && selected <= rows.last ? { 'aria-activedescendant': `${id}-${selected}` } : {})}
      tabIndex={0}
      onScroll={(event) => {
        const { scrollTop } = event.currentTarget;
        setView((was) => ({ ...was, scrollTop }));
      }}
    >
      <div className="vt__head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: tracks }}>
        {shown.map((column) => (
          <div key={column.id} role="columnheader" className={column.align === 'right' ? 'vt__cell num' : 'vt__cell'}>
            {column.head}
          </div>
        ))}
      </div>
      {body()}
    </div>
  );
}

/** Height of the head that stays on top. */
const HEAD_PX = 28;
