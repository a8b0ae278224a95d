// The rows that the places of a simulation begin with: made up, or real ones with personal and secret values masked.
import type { Native, NativeRow, NativeSet } from '../../connectors/contract.ts';
import { keyId } from '../../connectors/shared/keys.ts';
import type { Value } from '../core/model/value.ts';
import { generatedValue } from './field-values.ts';
import { createMask, drawer, shaped } from './mask.ts';
import { spelled } from './place.ts';
import type { Place, Places } from './place.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';

export type RowsByPlace = Readonly<Record<string, readonly NativeSet[]>>;

/** So many records, most of them at every place, a few with a value that differs. */
export function generatedRows(places: Places, count: number, seed: number): RowsByPlace {
  const random = createRandom(seed);
  const rows = new Map<string, NativeSet[]>(places.all.map(({ name }) => [name, []]));
  for (let at = 0; at < count; at += 1) {
    const values = new Map(places.model.fields.map(({ name, type }) => [name, generatedValue(name, type, at + 1, random)]));
    const only = random.chance(0.15) ? random.pick(places.all) : undefined;
    for (const place of places.all) {
      if (only !== undefined && only !== place) continue;
      rows.get(place.name)?.push(generatedRow(places, place, values, at + 1, random));
    }
  }
  return Object.fromEntries(rows);
}

function generatedRow(places: Places, place: Place, values: ReadonlyMap<string, Value>, number: number, random: Random): NativeSet {
  const row = emptyRow(place);
  for (const [field, lens] of Object.entries(place.model.lenses)) {
    const type = places.model.fields.find((one) => one.name === field)?.type;
    const isFree = !places.model.match.includes(field) && !place.config.key.includes(lens.column);
    const other = isFree && type !== undefined && random.chance(0.05) ? generatedValue(field, type, number + 500, random) : undefined;
    row[lens.column] = spelled(place, lens, other ?? values.get(field) ?? null) ?? row[lens.column] ?? null;
  }
  for (const column of place.config.key) if (isEmpty(row[column])) row[column] = place.table.keeps?.(number) ?? number;
  return row;
}

/** A real row as it was read: the mapped columns, in the order of `columns`. */
export interface SampledRow {
  readonly columns: readonly string[];
  readonly cells: NativeRow;
}

/** Only what the sync maps is kept; columns that it does not know stay empty. */
export function maskedRows(places: Places, sampled: Readonly<Record<string, readonly SampledRow[]>>, seed: number): RowsByPlace {
  const mask = createMask(seed);
  return Object.fromEntries(
    places.all.map((place) => {
      const rows = (sampled[place.name] ?? []).map((row) => maskedRow(places, place, row, mask, seed));
      return [place.name, unlike(place, rows)];
    }),
  );
}

function maskedRow(
  places: Places,
  place: Place,
  { columns, cells }: SampledRow,
  mask: ReturnType<typeof createMask>,
  seed: number,
): NativeSet {
  const row = emptyRow(place);
  const cell = (column: string): Native => cells[columns.indexOf(column)] ?? null;
  for (const column of place.config.key) row[column] = maskedKey(cell(column), `${seed} ${place.name} ${column}`);
  for (const [field, lens] of Object.entries(place.model.lenses)) {
    const known = places.model.fields.find((one) => one.name === field);
    const read = lens.read(cell(lens.column));
    if (!read.ok || known === undefined || lens.direction === 'write') continue;
    const isPrivate = known.class === 'personal' || known.class === 'secret';
    const value = isPrivate ? mask(field, known.type, read.value) : read.value;
    row[lens.column] = spelled(place, lens, value) ?? emptyCell(place);
  }
  return row;
}

/** Numbers tell nobody; other keys get another text of the same shape. */
function maskedKey(cell: Native, salt: string): Native {
  return typeof cell === 'string' && !/^\d+$/.test(cell) ? shaped(cell, drawer(`${salt} ${cell}`)) : cell;
}

/** Rows whose masked keys met are left out, as are those without a key. */
function unlike(place: Place, rows: readonly NativeSet[]): readonly NativeSet[] {
  const ids = new Set<string>();
  return rows.filter((row) => {
    const key = place.key(row);
    const id = keyId(key);
    if (ids.has(id) || key.includes('')) return false;
    ids.add(id);
    return true;
  });
}

function emptyRow(place: Place): Record<string, Native> {
  return Object.fromEntries(place.table.columns.map((column) => [column, emptyCell(place)]));
}

function emptyCell(place: Place): Native {
  return place.table.keeps?.(null) ?? null;
}

function isEmpty(cell: Native | undefined): boolean {
  return cell === undefined || cell === null || cell === '';
}
