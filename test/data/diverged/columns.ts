// The columns of generated rows: what stands in them, and how an edit makes another value of it.
import { cityEnd, cityStart, domains, familyEnd, familyStart, given, plain, streetEnd, streetStart } from '../people.ts';
import { chanceAt, pickAt } from './chance.ts';
import { clauses } from './clauses.ts';

export type ColumnType = 'integer' | 'text' | 'date' | 'decimal' | 'boolean' | 'enum';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** The value of a row before anybody edits it, as canonical text. `row` counts from 0. */
  readonly base: (seed: number, row: number) => string;
  /** Another value: two different variants (1, 2, 3) of one value differ from it and from each other. */
  readonly edited: (value: string, variant: number) => string;
}

const joined = (starts: readonly string[], ends: readonly string[]): readonly string[] =>
  starts.flatMap((start) => ends.map((end) => `${start}${end}`));
const familyNames = joined(familyStart, familyEnd);
const towns = joined(cityStart, cityEnd);
const streets = joined(streetStart, streetEnd);
const plainGiven = given.map(plain);
const plainFamily = familyNames.map(plain);
const countries = ['DE', 'AT', 'CH', 'FR', 'NL', 'DK', 'PL', 'IT'];
export const states = ['active', 'paused', 'closed'] as const;

const dayMs = 86_400_000;
const firstDay = Date.UTC(2012, 0, 1);
const days = 5000;
const dates: readonly string[] = Array.from({ length: days + 10 }, (_, day) => new Date(firstDay + day * dayMs).toISOString().slice(0, 10));
const dateAt = (day: number): string => dates[day] ?? '2012-01-01';

/** The chance of a name serves the name and the e-mail address, so that they fit together. */
const nameChances = (seed: number, row: number) => [chanceAt(seed, row, 1), chanceAt(seed, row, 2)] as const;
const text = (name: string, base: Column['base']): Column => ({
  name,
  type: 'text',
  base,
  edited: (value, variant) => `${value} (${variant})`.trimStart(),
});

export const idColumn: Column = {
  name: 'id',
  type: 'integer',
  base: (_, row) => String(row + 1),
  edited: (value) => value,
};

const email: Column = {
  ...text('email', (seed, row) => {
    const [first, second] = nameChances(seed, row);
    return `${pickAt(plainGiven, first)}.${pickAt(plainFamily, second)}.${row + 1}@${pickAt(domains, first >>> 16)}`;
  }),
  edited: (value, variant) => `new${variant}.${value}`,
};
const name = text('name', (seed, row) => {
  const [first, second] = nameChances(seed, row);
  return `${pickAt(given, first)} ${pickAt(familyNames, second)}`;
});
const phone = text('phone', (seed, row) => {
  const chance = chanceAt(seed, row, 3);
  return chance % 8 === 0 ? '' : `+49 30 23125 ${String((chance >>> 8) % 1000).padStart(3, '0')}`;
});
const street = text('street', (seed, row) => {
  const chance = chanceAt(seed, row, 4);
  return `${pickAt(streets, chance)} ${1 + ((chance >>> 12) % 140)}`;
});
const town = text('town', (seed, row) => pickAt(towns, chanceAt(seed, row, 5)));
const postcode: Column = {
  ...text('postcode', (seed, row) => String(1000 + (chanceAt(seed, row, 6) % 98_000)).padStart(5, '0')),
  edited: (value, variant) => String((Number(value) + variant) % 100_000).padStart(5, '0'),
};
const country: Column = {
  ...text('country', (seed, row) => pickAt(countries, chanceAt(seed, row, 7))),
  edited: (value, variant) => pickAt(countries, countries.indexOf(value) + variant),
};
const since: Column = {
  name: 'since',
  type: 'date',
  base: (seed, row) => dateAt(chanceAt(seed, row, 8) % days),
  edited: (value, variant) => dateAt(Math.round((Date.parse(value) - firstDay) / dayMs) + variant),
};
const balance: Column = {
  name: 'balance',
  type: 'decimal',
  base(seed, row) {
    const chance = chanceAt(seed, row, 9);
    return chance % 10 < 3 ? '0.00' : (((chance >>> 4) % 960_000) / 100 - 600).toFixed(2);
  },
  edited: (value, variant) => (Number(value) + variant).toFixed(2),
};
const status: Column = {
  name: 'status',
  type: 'enum',
  base(seed, row) {
    const chance = chanceAt(seed, row, 10) % 100;
    return chance < 86 ? 'active' : chance < 95 ? 'paused' : 'closed';
  },
  edited: (value, variant) => pickAt(states, (states as readonly string[]).indexOf(value) + variant),
};
const newsletter: Column = {
  name: 'newsletter',
  type: 'boolean',
  base: (seed, row) => (chanceAt(seed, row, 11) % 10 < 4 ? 'true' : 'false'),
  edited: (value) => (value === 'true' ? 'false' : 'true'),
};
const note = text('note', (seed, row) => {
  const chance = chanceAt(seed, row, 12);
  return `${pickAt(clauses, chance)}${chance % 3 === 0 ? ', ' : '. '}${pickAt(clauses, chance >>> 10)}`;
});

/** A customer as an ordinary address book of a company knows one: about 220 bytes as a line of a file. */
export const customerColumns: readonly Column[] = [
  email,
  name,
  phone,
  street,
  town,
  postcode,
  country,
  since,
  balance,
  status,
  newsletter,
  note,
];

/** Columns that nobody looks at any more, as wide tables have them: codes, numbers, and gaps. */
export function furtherColumn(number: number): Column {
  const purpose = 100 + number;
  return text(`extra_${String(number).padStart(2, '0')}`, (seed, row) => {
    const chance = chanceAt(seed, row, purpose);
    switch (number % 4) {
      case 0:
        return chance % 4 === 0 ? '' : pickAt(towns, chance >>> 4);
      case 1:
        return String(chance % 100_000);
      case 2:
        return chance % 2 === 0 ? '' : dateAt((chance >>> 4) % days);
      default:
        return `${pickAt(countries, chance)}-${(chance >>> 8) % 1000}`;
    }
  });
}

/** A text of about one to four thousand characters with line ends, commas and quotes. */
export const storyColumn: Column = text('story', (seed, row) => {
  const parts: string[] = [];
  const count = 20 + (chanceAt(seed, row, 13) % 60);
  for (let index = 0; index < count; index++) {
    const chance = chanceAt(seed, row, 200 + index);
    parts.push(
      chance % 9 === 0 ? `"${pickAt(clauses, chance >>> 4)}",` : `${pickAt(clauses, chance >>> 4)}.${chance % 7 === 0 ? '\n' : ''}`,
    );
  }
  return parts.join(' ').trimEnd();
});
