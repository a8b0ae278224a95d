// One row of a table: drawn again only when its record, its columns or its selection change.
// biome-ignore-all lint/a11y/useSemanticElements: rows that are fetched and drawn as they come near cannot be a table element
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names the active row
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the keys of the table move and open
// oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/click-events-have-key-events
import { FlexRender } from '@tanstack/react-table';
import type { Row as ModelRow } from '@tanstack/react-table';
import { memo, useRef } from 'react';
import type { ReactNode } from 'react';
import type { Column, Features, Slot } from './table-model.ts';

export interface TableRowProps<Row> {
  readonly id: string;
  readonly row: ModelRow<Features<Row>, Slot<Row>>;
  /** Those of the table, hidden ones included: another list of columns draws the row again. */
  readonly columns: readonly Column<Row>[];
  readonly tracks: string;
  readonly height: number;
  readonly isSelected: boolean;
  readonly className: string;
  readonly onPick: (index: number) => void;
  readonly onOpen: (index: number) => void;
}

function PlainRow<Row>({ id, row, columns, tracks, height, isSelected, className, onPick, onOpen }: TableRowProps<Row>): ReactNode {
  const { index, record } = row.original;
  // While its record is on the way the row keeps what it showed, out of sight: in a fling no element is made or thrown away.
  const kept = useRef(row);
  if (record !== undefined) kept.current = row;
  const isWaiting = record === undefined;
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      aria-busy={isWaiting}
      className={isWaiting ? 'vt__row vt__row--waiting' : `vt__row ${className}`}
      style={{ gridTemplateColumns: tracks, height }}
      onClick={() => onPick(index)}
      onDoubleClick={() => onOpen(index)}
    >
      <RowCells row={kept.current} columns={columns} tracks={tracks} />
    </div>
  );
}

interface RowCellsProps<Row> {
  readonly row: ModelRow<Features<Row>, Slot<Row>>;
  readonly columns: readonly Column<Row>[];
  readonly tracks: string;
}

function PlainCells<Row>({ row }: RowCellsProps<Row>): ReactNode {
  return row.getVisibleCells().map((cell) => (
    <div key={cell.column.id} role="gridcell" className={cellClass(cell.column.columnDef.meta)}>
      <FlexRender cell={cell} />
    </div>
  ));
}

const RowCells = memo(PlainCells, isAlikeInside) as typeof PlainCells;

function isAlikeInside<Row>(before: RowCellsProps<Row>, after: RowCellsProps<Row>): boolean {
  const { record, index } = before.row.original;
  const now = after.row.original;
  return record === now.record && index === now.index && before.columns === after.columns && before.tracks === after.tracks;
}

/** Model rows are made anew with each movement; what they show decides. */
function isAlike<Row>(before: TableRowProps<Row>, after: TableRowProps<Row>): boolean {
  const { row: was, ...rest } = before;
  const { row: is, ...now } = after;
  return (
    was.original.record === is.original.record &&
    was.original.index === is.original.index &&
    rest.id === now.id &&
    rest.columns === now.columns &&
    rest.tracks === now.tracks &&
    rest.height === now.height &&
    rest.isSelected === now.isSelected &&
    rest.className === now.className &&
    rest.onPick === now.onPick &&
    rest.onOpen === now.onOpen
  );
}

export const TableRow = memo(PlainRow, isAlike) as typeof PlainRow;

export function cellClass<Row>(column: Column<Row> | undefined): string {
  return column?.align === 'right' ? 'vt__cell num' : 'vt__cell';
}
