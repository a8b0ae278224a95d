// Values as a person types them: canonical text to a value and back. The engine judges whether it fits the field.
import type { WireValue } from '../../preload/contract/values.ts';

/** What the editor starts with. */
export function textOf(value: WireValue | undefined): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(String).join('\n');
  return String(value);
}

export function isList(type: string): boolean {
  return /^list\b/.test(type);
}

function isBoolean(type: string): boolean {
  return /^(list of )?(boolean|true or false)\b/.test(type);
}

function scalarOf(text: string, type: string): string | boolean {
  if (!isBoolean(type)) return text;
  const word = text.trim().toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : text;
}

/** A list takes one item a line; its last, empty line is only the end of the one before. */
export function typedValue(text: string, type: string): WireValue {
  if (!isList(type)) return scalarOf(text, type);
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => scalarOf(line, type));
}

/** What to type, for the hint under the editor. */
export function typingHint(type: string): string {
  if (isList(type)) return 'one item a line';
  if (/^decimal\b/.test(type)) return 'digits with a point: 1234.50';
  if (/^(integer|whole number)\b/.test(type)) return 'digits only: 1234';
  if (isBoolean(type)) return 'true or false';
  if (/^(datetime|local date)\b/.test(type)) return 'as 2024-02-29T13:05:00';
  if (/^date\b/.test(type)) return 'as 2024-02-29';
  if (/^time\b/.test(type)) return 'as 13:05:00';
  if (/^instant\b/.test(type)) return 'in UTC, as 2024-02-29T12:00:00.000Z';
  if (/^(enum|one of)\b/.test(type)) return type.startsWith('one of') ? type : 'one of the field’s values';
  return 'exactly as it shall be stored';
}
