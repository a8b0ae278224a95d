// The formats that a field can have at an endpoint: which keys apply to its type, and how a mapping reads on its chip.
import type { FieldMapping } from '../../../preload/contract/syncs.ts';

export interface FormatKey {
  readonly key: string;
  readonly label: string;
  /** An example, shown in the empty field. */
  readonly example: string;
  /** Only these values; the first is what an empty one means. */
  readonly choices?: readonly string[];
}

const decimal: FormatKey = { key: 'decimal', label: 'Decimal sign', example: '.' };
const group: FormatKey = { key: 'group', label: 'Group sign', example: 'none' };
const storage: FormatKey = { key: 'storage', label: 'Stored as', example: '', choices: ['text', 'integer', 'real'] };
const pattern = (example: string): FormatKey => ({ key: 'pattern', label: 'Pattern', example });

const byKind: Readonly<Record<string, readonly FormatKey[]>> = {
  text: [{ key: 'empty', label: 'Empty text means', example: '', choices: ['text', 'null'] }],
  integer: [group, storage],
  decimal: [decimal, group, storage],
  boolean: [{ key: 'true', label: 'True is', example: 'true' }, { key: 'false', label: 'False is', example: 'false' }, storage],
  date: [pattern('yyyy-MM-dd')],
  time: [pattern('HH:mm:ss')],
  datetime: [pattern('yyyy-MM-dd HH:mm:ss')],
  instant: [
    pattern('yyyy-MM-dd HH:mm:ss'),
    { key: 'zone', label: 'Time zone', example: 'Europe/Paris' },
    { key: 'unit', label: 'Number of', example: '', choices: ['seconds', 'milliseconds'] },
  ],
  bytes: [{ key: 'encoding', label: 'Encoding', example: '', choices: ['base64', 'hex'] }],
  list: [{ key: 'separator', label: 'Separator', example: ';' }],
};

/** Format keys of a kind of field, and any other key that the mapping already has. */
export function formatKeys(kind: string, format: Readonly<Record<string, string>>): FormatKey[] {
  const own = byKind[kind] ?? [];
  const others = Object.keys(format).filter((key) => !own.some((entry) => entry.key === key));
  return [...own, ...others.map((key) => ({ key, label: key, example: '' }))];
}

/** Sets one key; an empty text takes it away. */
export function withFormat(mapping: FieldMapping, key: string, text: string): FieldMapping {
  const { [key]: _, ...rest } = mapping.format;
  return { ...mapping, format: text === '' ? rest : { ...rest, [key]: text } };
}

/** What the chip on the line says; nothing where the value goes as it is. */
export function chipText(mapping: FieldMapping): string {
  const { pattern: dates, separator, decimal: sign, group: thousands, true: yes, false: no, zone, ...rest } = mapping.format;
  const names = Object.keys(mapping.values).length;
  const parts = [
    dates ?? '',
    zone ?? '',
    separator === undefined ? '' : `split “${separator}”`,
    sign === undefined && thousands === undefined ? '' : `1${thousands ?? ''}234${sign ?? '.'}5`,
    yes === undefined && no === undefined ? '' : `${yes ?? 'true'} / ${no ?? 'false'}`,
    ...Object.entries(rest).map(([key, value]) => `${key} ${value}`),
    names === 0 ? '' : `${names} ${names === 1 ? 'name' : 'names'}`,
    mapping.blank === 'propagate' ? '' : `blank: ${mapping.blank}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** An enumeration table as lines `native = canonical`. */
export function tableText(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([native, canonical]) => `${native} = ${canonical}`)
    .join('\n');
}

/** Lines without `=` say nothing yet and are left out. */
export function tableOf(text: string): Record<string, string> {
  const table: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const at = line.indexOf('=');
    if (at > 0) table[line.slice(0, at).trim()] = line.slice(at + 1).trim();
  }
  return table;
}
