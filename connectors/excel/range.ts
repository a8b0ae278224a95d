// Cell references: `B7` and `A1:C10` as numbers from 1, and back.

export interface Range {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export const maxRow = 1_048_576;

/** `AB` for 28. */
export function columnName(column: number): string {
  let name = '';
  for (let rest = column; rest > 0; rest = Math.floor((rest - 1) / 26)) name = String.fromCharCode(65 + ((rest - 1) % 26)) + name;
  return name;
}

export function cellName(column: number, row: number): string {
  return `${columnName(column)}${row}`;
}

/** The column of a reference such as `AB12`; 0 when it does not begin with letters. */
export function columnOf(reference: string): number {
  let column = 0;
  for (let at = 0; at < reference.length; at += 1) {
    const letter = reference.charCodeAt(at) & 0xdf; // upper case
    if (letter < 65 || letter > 90) break;
    column = column * 26 + letter - 64;
  }
  return column;
}

const reference = /^\$?([A-Za-z]{1,3})\$?(\d{1,7})(?::\$?([A-Za-z]{1,3})\$?(\d{1,7}))?$/;

/** A cell or a rectangle of cells; undefined for anything else. */
export function parseRange(text: string): Range | undefined {
  const [, left, top, right = left, bottom = top] = reference.exec(text) ?? [];
  if (left === undefined || right === undefined) return undefined;
  const [a, b] = [columnOf(left), columnOf(right)];
  const [c, d] = [Number(top), Number(bottom)];
  return { left: Math.min(a, b), right: Math.max(a, b), top: Math.min(c, d), bottom: Math.max(c, d) };
}

export function showRange({ left, top, right, bottom }: Range): string {
  const start = cellName(left, top);
  return left === right && top === bottom ? start : `${start}:${cellName(right, bottom)}`;
}

export function meets(a: Range, b: Range): boolean {
  return a.left <= b.right && b.left <= a.right && a.top <= b.bottom && b.top <= a.bottom;
}

export function isInside(range: Range, column: number, row: number): boolean {
  return column >= range.left && column <= range.right && row >= range.top && row <= range.bottom;
}
