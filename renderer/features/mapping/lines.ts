// Where the lines between a column list and the record's fields run.
import type { FieldMapping } from '../../../preload/contract/syncs.ts';

/** Height of a row in pixels; the lines end in its upper half, beside the name. */
export const ROW_PX = 40;
const ANCHOR_PX = 20;

export interface Line {
  readonly mapping: FieldMapping;
  /** Heights of both ends, in pixels from the top of the lists. */
  readonly columnY: number;
  readonly fieldY: number;
  readonly chipY: number;
  /** A path in a box 100 wide, from the left edge to the right one. */
  readonly path: string;
}

export function anchor(index: number): number {
  return index * ROW_PX + ANCHOR_PX;
}

/** A curve that leaves and arrives level. */
export function curve(fromX: number, fromY: number, toX: number, toY: number): string {
  const middle = (fromX + toX) / 2;
  return `M${fromX} ${fromY}C${middle} ${fromY} ${middle} ${toY} ${toX} ${toY}`;
}

/** Lines of one gutter. `side` is where the columns stand. A mapping whose column or field is not listed has no line. */
export function linesOf(
  side: 'left' | 'right',
  columns: readonly string[],
  fields: readonly string[],
  mappings: readonly FieldMapping[],
): Line[] {
  return mappings.flatMap((mapping) => {
    const column = columns.indexOf(mapping.column);
    const field = fields.indexOf(mapping.field);
    if (column < 0 || field < 0) return [];
    const columnY = anchor(column);
    const fieldY = anchor(field);
    const path = side === 'left' ? curve(0, columnY, 100, fieldY) : curve(0, fieldY, 100, columnY);
    return [{ mapping, columnY, fieldY, chipY: (columnY + fieldY) / 2, path }];
  });
}

/** Mapped columns first, each part in the order of the dataset: unmapped ones are listed, not hidden. */
export function orderColumns<Column extends { readonly name: string }>(
  columns: readonly Column[],
  mappings: readonly FieldMapping[],
): Column[] {
  const mapped = new Set(mappings.map((mapping) => mapping.column));
  return [...columns.filter((column) => mapped.has(column.name)), ...columns.filter((column) => !mapped.has(column.name))];
}
