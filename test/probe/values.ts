// Values that get lost or changed on the way between systems more often than others.
import type { Value } from '../../main/core/model/value.ts';

export interface Probe {
  readonly field: string;
  readonly type: 'text' | 'integer' | 'decimal' | 'date' | 'datetime';
  readonly value: Value;
  /** For people, in the table of results. */
  readonly shown: string;
}

export const probes: readonly Probe[] = [
  { field: 'zeros', type: 'text', value: '00123', shown: '`00123`' },
  { field: 'exponent', type: 'text', value: '1E5', shown: '`1E5` as text' },
  { field: 'big_number', type: 'integer', value: '9223372036854775807', shown: '2^63 - 1' },
  { field: 'fraction', type: 'decimal', value: '0.30000000000000004', shown: '0.1 + 0.2' },
  { field: 'leap', type: 'date', value: '2024-02-29', shown: '`2024-02-29`' },
  { field: 'gap', type: 'datetime', value: '2024-03-31T02:30:00', shown: '`2024-03-31T02:30:00`, an hour that clocks skip' },
  { field: 'nbsp', type: 'text', value: 'a\u00a0b', shown: 'a no-break space' },
  { field: 'emoji', type: 'text', value: '👩‍👩‍👧🚀', shown: '👩‍👩‍👧🚀' },
  { field: 'long_text', type: 'text', value: 'ä'.repeat(40_000), shown: '40,000 characters' },
  { field: 'padded', type: 'text', value: '  x  ', shown: 'blanks around a text' },
  { field: 'formula', type: 'text', value: '=1+1', shown: '`=1+1` as text' },
  { field: 'many_lines', type: 'text', value: 'a\nb', shown: 'a line break' },
  { field: 'no_text', type: 'text', value: null, shown: 'null' },
  { field: 'blank_text', type: 'text', value: '', shown: 'empty text' },
];

/** The value of each probe by its field, as text. */
export const given: Readonly<Record<string, string | null>> = Object.fromEntries(
  probes.map(({ field, value }) => [field, value === null ? null : String(value)]),
);
