// The columns of a table for TanStack Table: what a screen writes down, and which columns are shown at a width of the window.
import { columnVisibilityFeature, metaHelper, tableFeatures } from '@tanstack/react-table';
import type { CellContext, ColumnDef, ColumnVisibilityState, HeaderContext } from '@tanstack/react-table';
import type { ReactNode } from 'react';

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

/** A place in the list. Its record may still be on the way. */
export interface Slot<Row> {
  readonly index: number;
  readonly record: Row | undefined;
}

/** What the tables use of TanStack Table; sorting and filtering happen in the database, where the rows are. */
export function tableFeaturesOf<Row>() {
  return tableFeatures({ columnVisibilityFeature, columnMeta: metaHelper<Column<Row>>() });
}

export type Features<Row> = ReturnType<typeof tableFeaturesOf<Row>>;

// One function each for all tables: another function would be another component, and its cells would be mounted anew.
function drawHead<Row>({ column }: HeaderContext<Features<Row>, Slot<Row>>): ReactNode {
  return column.columnDef.meta?.head;
}

function drawCell<Row>({ column, row }: CellContext<Features<Row>, Slot<Row>>): ReactNode {
  const { index, record } = row.original;
  return record === undefined ? undefined : column.columnDef.meta?.cell(record, index);
}

export function columnDefs<Row>(columns: readonly Column<Row>[]): ColumnDef<Features<Row>, Slot<Row>>[] {
  return columns.map((column) => ({ id: column.id, header: drawHead<Row>, cell: drawCell<Row>, meta: column }));
}

/** Which columns are hidden in a window of medium or small width. */
export function visibilityOf<Row>(columns: readonly Column<Row>[], width: 'large' | 'medium' | 'small'): ColumnVisibilityState {
  const highest = { large: 3, medium: 2, small: 1 }[width];
  return Object.fromEntries(columns.map((column) => [column.id, (column.rank ?? 1) <= highest]));
}
