// A table of any length: only the rows on screen exist, further rows are fetched as they come near, everything works with the keyboard.
// biome-ignore-all lint/a11y/useSemanticElements: rows that are fetched and drawn as they come near cannot be a table element
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names the active row
// biome-ignore-all lint/a11y/noNoninteractiveTabindex: a grid takes the focus for its rows
// oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/control-has-associated-label
import { useTable } from '@tanstack/react-table';
import { useCallback, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useKeys } from './keys.tsx';
import type { RowSource } from './paged.ts';
import { ErrorState, SkeletonRows } from './states.tsx';
import { columnDefs, tableFeaturesOf, visibilityOf } from './table-model.ts';
import type { Column, Slot } from './table-model.ts';
import { cellClass, TableRow } from './table-row.tsx';
import { useLatest } from './use-latest.ts';
import { useMedia } from './use-media.ts';
import { useWindow } from './use-window.ts';

export type { Column } from './table-model.ts';

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

/** Height of the head that stays on top. */
const HEAD_PX = 28;

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
  const total = source.total ?? 0;
  const shown = useWindow({ scroller, total, rowHeight, headPx: HEAD_PX });
  const { first, last, reveal, restart } = shown;
  const table = useTableOf(columns, source, first, last);
  const { want, name } = source;

  useEffect(() => want(first, Math.max(last, 0)), [want, first, last]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list is the reason to begin at its top
  useEffect(restart, [restart, name]);

  const isReady = source.total !== undefined;
  useEffect(() => {
    if (takesFocus && isReady && (document.activeElement === null || document.activeElement === document.body))
      scroller.current?.focus({ preventScroll: true });
  }, [takesFocus, isReady]);

  const select = useCallback(
    (index: number): void => {
      if (total === 0) return;
      const next = Math.max(0, Math.min(total - 1, index));
      reveal(next);
      onSelect(next);
    },
    [total, reveal, onSelect],
  );

  const pageRows = Math.max(1, Math.floor(shown.viewport / rowHeight) - 1);
  const act = useLatest({ pick: onSelect, open: onOpen, at: source.at });
  const pickAt = useCallback((index: number): void => act.current.pick(index), [act]);
  const openAt = useCallback(
    (index: number): void => {
      const row = act.current.at(index);
      if (row !== undefined) act.current.open?.(row, index);
    },
    [act],
  );
  useKeys(
    label,
    [
      { keys: ['j', 'ArrowDown'], label: 'move', shown: ['j', 'k'], hint: true, repeats: true, run: () => select(selected + 1) },
      { keys: ['k', 'ArrowUp'], label: 'move back', unlisted: true, repeats: true, run: () => select(selected - 1) },
      { keys: 'PageDown', label: 'a page on', repeats: true, run: () => select(selected + pageRows) },
      { keys: 'PageUp', label: 'a page back', repeats: true, run: () => select(selected - pageRows) },
      { keys: 'Home', label: 'first', run: () => select(0) },
      { keys: 'End', label: 'last', run: () => select(total - 1) },
      ...(onOpen === undefined ? [] : [{ keys: 'Enter', label: opens, hint: true, run: () => openAt(selected) }]),
    ],
    { active: keysActive && total > 0, rank: 1 },
  );

  const tracks = table
    .getVisibleLeafColumns()
    .map((column) => column.columnDef.meta?.width)
    .join(' ');
  const body = (): ReactNode => {
    if (source.problem !== undefined && source.total === undefined)
      return <ErrorState problem={source.problem} {...(onRetry === undefined ? {} : { onRetry })} />;
    if (source.total === undefined || (total === 0 && source.isSearching)) return <SkeletonRows height={rowHeight} />;
    if (total === 0) return empty ?? <p className="vt__none t3">Nothing here.</p>;
    return (
      <div className="vt__body" style={{ height: shown.height }} role="rowgroup">
        <div className="vt__rows" style={{ top: shown.top }} role="presentation">
          {table.getRowModel().rows.map((row) => (
            <TableRow
              // A row that leaves at one end is the row that comes at the other: nothing is made anew.
              key={row.original.index % shown.most}
              id={`${id}-${row.id}`}
              row={row}
              columns={columns}
              tracks={tracks}
              height={rowHeight}
              isSelected={row.original.index === selected}
              className={row.original.record === undefined ? '' : (props.rowClass?.(row.original.record) ?? '')}
              onPick={pickAt}
              onOpen={openAt}
            />
          ))}
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
      aria-busy={source.total === undefined || source.isSearching}
      {...(total > 0 && selected >= first && selected <= last ? { 'aria-activedescendant': `${id}-${selected}` } : {})}
      tabIndex={0}
    >
      {table.getHeaderGroups().map((group) => (
        <div key={group.id} className="vt__head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: tracks }}>
          {group.headers.map((header) => (
            <div key={header.id} role="columnheader" className={cellClass(header.column.columnDef.meta)}>
              <table.FlexRender header={header} />
            </div>
          ))}
        </div>
      ))}
      {body()}
    </div>
  );
}

/** The model of the rows from `first` to `last`: those on screen are all that it knows. */
function useTableOf<Row>(columns: readonly Column<Row>[], source: RowSource<Row>, first: number, last: number) {
  const [features] = useState(() => tableFeaturesOf<Row>());
  const isMedium = useMedia('(max-width: 1180px)');
  const isSmall = useMedia('(max-width: 860px)');
  const width = isSmall ? 'small' : isMedium ? 'medium' : 'large';
  const columnVisibility = useMemo(() => visibilityOf(columns, width), [columns, width]);
  const defs = useMemo(() => columnDefs(columns), [columns]);
  const { at } = source;
  const data = useMemo(
    () => Array.from({ length: last - first + 1 }, (_, offset): Slot<Row> => ({ index: first + offset, record: at(first + offset) })),
    [at, first, last],
  );
  return useTable({ features, columns: defs, data, state: { columnVisibility }, getRowId: (slot) => String(slot.index) });
}
