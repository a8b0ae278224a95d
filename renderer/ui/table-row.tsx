// One row of a table: drawn again only when its record, its columns or its selection change.
// biome-ignore-all lint/a11y/useSemanticElements: rows that are fetched and drawn as they come near cannot be a table element
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names the active row
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the keys of the table move and open
// oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/click-events-have-key-events
import { FlexRender } from '@tanstack/react-table';
import type { Row as ModelRow } from '@tanstack/react-table';
import { memo } from 'react';
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

function PlainRow<Row>({ id, row, tracks, height, isSelected, className, onPick, onOpen }: TableRowProps<Row>): ReactNode {
  const { index, record } = row.original;
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      className={`vt__row ${className}`}
      style={{ gridTemplateColumns: tracks, height }}
      onClick={() => onPick(index)}
      onDoubleClick={() => onOpen(index)}
    >
      {row.getVisibleCells().map((cell) => (
        <div key={cell.column.id} role="gridcell" className={cellClass(cell.column.columnDef.meta)}>
          {record === undefined ? <span className="skeleton skeleton--cell" /> : <FlexRender cell={cell} />}
        </div>
      ))}
    </div>
  );
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
