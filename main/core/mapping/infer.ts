// Proposals of a type and format for a column, from sample cells: all must fit, and what is ambiguous gives none.
import type { Native } from '../../../connectors/native.ts';
import type { FieldType } from '../model/field.ts';
import type { Format } from './format.ts';
import { makeLens } from './lens.ts';

export interface Inferred {
  readonly type: FieldType;
  readonly format: Format;
}

const text: Inferred = { type: { kind: 'text', normal: [] }, format: {} };

/** A proposal and the shape that cells must have for it, stricter than what the lens reads: `007` and `1E5` stay text. */
interface Rule extends Inferred {
  readonly shape: RegExp;
  /** Says something else than its neighbour even where these cells happen to read the same: `05/05/2020`. */
  readonly rival?: true;
}

function time(kind: 'date' | 'time' | 'datetime' | 'instant', shape: RegExp, pattern?: string): Rule {
  const rival = pattern?.includes('/') === true && !pattern.startsWith('yyyy');
  return { type: { kind }, format: pattern === undefined ? {} : { pattern }, shape, ...(rival ? { rival } : {}) };
}

const whole = '-?(?:0|[1-9]\\d*)';
const grouped = (mark: string): string => `-?[1-9]\\d{0,2}(?:${mark}\\d{3})+`;

function decimal(shape: string, format: Format): Rule {
  return { type: { kind: 'decimal' }, format, shape: new RegExp(`^(?:${shape})$`) };
}

/** In order; rules of one group exclude each other: when several fit, the cells are ambiguous. */
const rules: readonly (readonly Rule[])[] = [
  [{ type: { kind: 'boolean' }, format: {}, shape: /^(?:true|false)$/i }],
  [{ type: { kind: 'integer' }, format: {}, shape: new RegExp(`^${whole}$`) }],
  [
    decimal(`${whole}|${whole}\\.\\d+`, {}),
    decimal(`${whole}|${whole},\\d+`, { decimal: ',' }),
    decimal(`(?:${whole}|${grouped(',')})(?:\\.\\d+)?`, { decimal: '.', group: ',' }),
    decimal(`(?:${whole}|${grouped('\\.')})(?:,\\d+)?`, { decimal: ',', group: '.' }),
    decimal(`(?:${whole}|${grouped('[ \\u00a0\\u202f]')})(?:,\\d+)?`, { decimal: ',', group: ' ' }),
  ],
  [
    time('date', /^\d{4}-\d{2}-\d{2}$/),
    time('date', /^\d{2}\.\d{2}\.\d{4}$/, 'dd.MM.yyyy'),
    time('date', /^\d{1,2}\.\d{1,2}\.\d{4}$/, 'd.M.yyyy'),
    time('date', /^\d{2}\/\d{2}\/\d{4}$/, 'dd/MM/yyyy'),
    time('date', /^\d{2}\/\d{2}\/\d{4}$/, 'MM/dd/yyyy'),
    time('date', /^\d{4}\/\d{2}\/\d{2}$/, 'yyyy/MM/dd'),
  ],
  [time('time', /^\d{2}:\d{2}:\d{2}(?:\.\d+)?$/), time('time', /^\d{2}:\d{2}$/, 'HH:mm')],
  [
    time('instant', /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)$/),
    time('datetime', /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/),
    time('datetime', /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/, 'yyyy-MM-dd HH:mm:ss'),
    time('datetime', /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$/, 'yyyy-MM-dd HH:mm'),
    time('datetime', /^\d{2}\.\d{2}\.\d{4} \d{2}:\d{2}:\d{2}$/, 'dd.MM.yyyy HH:mm:ss'),
    time('datetime', /^\d{2}\.\d{2}\.\d{4} \d{2}:\d{2}$/, 'dd.MM.yyyy HH:mm'),
  ],
  [{ type: { kind: 'json' }, format: {}, shape: /^\s*[[{]/ }],
];

/**
 * The type and format in which every sample reads; text where nothing else fits; nothing where there are no samples, where systems' own
 * types are mixed, or where two readings are possible (`01/02/2020`, `1,234`).
 */
export function inferType(samples: readonly Native[]): Inferred | undefined {
  const cells = samples.filter((native) => native !== null && native !== '');
  if (cells.length === 0) return undefined;
  const texts = cells.filter((native) => typeof native === 'string');
  if (texts.length === cells.length) return inferText(texts);
  return texts.length > 0 ? undefined : inferTyped(cells);
}

function inferTyped(cells: readonly Native[]): Inferred | undefined {
  if (cells.every((native) => typeof native === 'boolean')) return { type: { kind: 'boolean' }, format: {} };
  if (cells.every((native) => native instanceof Uint8Array)) return { type: { kind: 'bytes' }, format: {} };
  if (!cells.every((native) => typeof native === 'number' || typeof native === 'bigint')) return undefined;
  const isWhole = cells.every((native) => typeof native === 'bigint' || Number.isSafeInteger(native));
  if (isWhole) return { type: { kind: 'integer' }, format: {} };
  return cells.every((native) => typeof native === 'number' && Number.isFinite(native))
    ? { type: { kind: 'decimal' }, format: { storage: 'real' } }
    : undefined;
}

function inferText(cells: readonly string[]): Inferred | undefined {
  for (const group of rules) {
    const [first, ...others] = group.filter((rule) => fitsAll(rule, cells));
    if (first === undefined) continue;
    const isAmbiguous = others.some((other) => (first.rival && other.rival) || readsOtherwise(first, other, cells));
    return isAmbiguous ? undefined : { type: first.type, format: first.format };
  }
  return text;
}

function fitsAll(rule: Rule, cells: readonly string[]): boolean {
  const read = reader(rule);
  return cells.every((cell) => rule.shape.test(cell) && read(cell) !== undefined);
}

function readsOtherwise(a: Rule, b: Rule, cells: readonly string[]): boolean {
  const [first, second] = [reader(a), reader(b)];
  return cells.some((cell) => first(cell) !== second(cell));
}

function reader(rule: Rule): (cell: string) => string | undefined {
  const { type, format } = rule;
  const lens = makeLens({ type, column: '', direction: 'read', blank: 'propagate', format, tellsNullFromEmpty: true, textual: true });
  return (cell) => {
    const read = lens.read(cell);
    return read.ok ? JSON.stringify(read.value) : undefined;
  };
}
