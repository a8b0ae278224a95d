// The format of a field at an endpoint: how its values are spelled there.
import type { FieldType } from '../model/field.ts';
import { compilePattern } from './codecs/pattern.ts';
import { isZone } from './codecs/zone.ts';

/** All keys are optional; what is absent has the plain form of the type (README.md of this folder). */
export interface Format {
  /** Decimal mark. */
  readonly decimal?: string;
  /** Mark between groups of three digits. */
  readonly group?: string;
  /** `dd.MM.yyyy`: yyyy MM M dd d HH H mm ss S.. XXX, text in quotes. */
  readonly pattern?: string;
  /** Between the items of a list; absent: a JSON array. */
  readonly separator?: string;
  /** The zone of times that do not say theirs: `Europe/Paris`, `+02:00`, `UTC`. */
  readonly zone?: string;
  /** The words of a boolean. */
  readonly true?: string;
  readonly false?: string;
  /** What an empty cell is. Default: null where the endpoint cannot tell them apart, else empty text. */
  readonly empty?: 'null' | 'text';
  /** Bytes as text. */
  readonly encoding?: 'base64' | 'hex';
  /** An instant as a number since 1970. */
  readonly unit?: 'seconds' | 'milliseconds';
  /** The type in which a database gets the value. */
  readonly storage?: 'text' | 'integer' | 'real';
}

type Kind = FieldType['kind'];

const uses: Readonly<Record<keyof Format, readonly Kind[]>> = {
  decimal: ['decimal'],
  group: ['integer', 'decimal'],
  pattern: ['date', 'time', 'datetime', 'instant'],
  separator: ['list'],
  zone: ['instant'],
  true: ['boolean'],
  false: ['boolean'],
  empty: ['text', 'integer', 'decimal', 'boolean', 'date', 'time', 'datetime', 'instant', 'enum', 'list', 'json', 'bytes'],
  encoding: ['bytes'],
  unit: ['instant'],
  storage: ['text', 'integer', 'decimal', 'boolean', 'enum', 'instant', 'bytes'],
};

/** Keys that take one of a few words. */
const choices: Readonly<Partial<Record<keyof Format, readonly string[]>>> = {
  empty: ['null', 'text'],
  encoding: ['base64', 'hex'],
  unit: ['seconds', 'milliseconds'],
  storage: ['text', 'integer', 'real'],
};

/** What is wrong with a format or a table of values for a type, in words; nothing when it is right. */
export function formatProblem(type: FieldType, format: Format, values?: Readonly<Record<string, string>>): string | undefined {
  const kinds: readonly Kind[] = type.kind === 'list' ? ['list', type.of.kind] : [type.kind];
  for (const [key, value] of Object.entries(format)) {
    const allowed = Object.hasOwn(uses, key) ? uses[key as keyof Format] : undefined;
    if (allowed === undefined) return `unknown format key: ${key}`;
    if (!allowed.some((kind) => kinds.includes(kind))) return `format key ${key} does not apply to a field of type ${type.kind}`;
    const words = choices[key as keyof Format];
    if (words?.includes(value) === false) return `${key} is one of ${words.join(', ')}: ${value}`;
  }
  const scalar = type.kind === 'list' ? type.of : type;
  return numberProblem(format) ?? timeProblem(scalar.kind, format) ?? wordsProblem(scalar, format, values) ?? listProblem(format);
}

function numberProblem(format: Format): string | undefined {
  const { decimal, group } = format;
  if (decimal !== undefined && !/^[^\d\s+-]$/u.test(decimal))
    return `decimal must be one character that is no digit, sign or space: ${decimal}`;
  if (group !== undefined && !/^[^\d+-]$/u.test(group)) return `group must be one character that is no digit or sign: ${group}`;
  if (group !== undefined && group === (decimal ?? '.')) return `group and decimal must differ: ${group}`;
  return undefined;
}

function timeProblem(kind: Kind, format: Format): string | undefined {
  if (format.zone !== undefined && !isZone(format.zone)) return `unknown time zone: ${format.zone}`;
  if (format.unit !== undefined && format.pattern !== undefined) return 'unit and pattern exclude each other';
  if (format.pattern === undefined) return undefined;
  const pattern = compilePattern(format.pattern);
  if ('problem' in pattern) return pattern.problem;
  if (kind !== 'time' && !(pattern.has.year && pattern.has.month && pattern.has.day))
    return `pattern ${format.pattern} needs yyyy, MM and dd`;
  if (kind === 'time' && !pattern.has.hour) return `pattern ${format.pattern} needs HH`;
  if (kind === 'time' && pattern.has.day) return `pattern ${format.pattern} of a time has a date in it`;
  if (kind === 'instant' && !pattern.has.offset && format.zone === undefined) {
    return `pattern ${format.pattern} says no zone: add zone (for example UTC) or XXX`;
  }
  if (kind !== 'instant' && pattern.has.offset) return `pattern ${format.pattern} has a zone, which a ${kind} does not keep`;
  return undefined;
}

function wordsProblem(scalar: FieldType, format: Format, values?: Readonly<Record<string, string>>): string | undefined {
  if ((format.true === undefined) !== (format.false === undefined)) return 'true and false are given together';
  if (format.true !== undefined && format.true === format.false) return `true and false are the same word: ${format.true}`;
  if (values === undefined || Object.keys(values).length === 0) return undefined;
  if (scalar.kind !== 'enum' && scalar.kind !== 'boolean') return `values do not apply to a field of type ${scalar.kind}`;
  if (format.true !== undefined) return 'values and true/false exclude each other';
  const known = scalar.kind === 'enum' ? scalar.values : ['true', 'false'];
  const stranger = Object.values(values).find((value) => !known.includes(value));
  return stranger === undefined ? undefined : `values lead to ${stranger}, which the field does not have (${known.join(', ')})`;
}

function listProblem(format: Format): string | undefined {
  if (format.separator?.includes('\\')) return 'separator must not hold a backslash, which escapes it';
  return format.separator === '' ? 'separator must not be empty' : undefined;
}
