// Spreads invented customers over three places as years of work apart would: somebody is missing, has moved, is typed wrong, is there twice.
import { address, family, mistyped, people, type Person } from './people.ts';
import { seededRandom, type Random } from './random.ts';

export interface Row extends Person {
  readonly key: number;
}
export interface Ledger extends Row {
  /** The date as it stands in the file where it is not one. */
  readonly badDate?: string;
}
export interface ThreePlaces {
  readonly shop: readonly Row[];
  /** `phone` may be null or empty here: a database tells them apart. */
  readonly sales: readonly (Omit<Row, 'phone'> & { readonly phone: string | null })[];
  readonly ledger: readonly Ledger[];
  /** What was put in on purpose, for tests. */
  readonly known: {
    /** E-mail addresses of people who get a conflict at the first sync. */
    readonly contested: readonly string[];
    /** The address that stands twice in the shop. */
    readonly twice: string;
    readonly badDate: string;
    readonly moved: readonly string[];
    readonly onlyShop: readonly string[];
    readonly onlySales: readonly string[];
    readonly onlyLedger: readonly string[];
  };
}

const hourMs = 3_600_000;

type Roles = Readonly<
  Record<
    'plain' | 'moved' | 'typo' | 'contested' | 'loud' | 'onlyShop' | 'onlySales' | 'onlyLedger' | 'noSales' | 'noLedger',
    readonly Person[]
  >
>;

/** Hands out the special parts; everybody else is the same everywhere. */
function cast(all: readonly Person[]): Roles {
  const share = (part: number, least: number) => Math.max(least, Math.round(all.length * part));
  let at = 0;
  const take = (count: number) => {
    at += count;
    return all.slice(at - count, at);
  };
  return {
    contested: take(6),
    moved: take(share(0.012, 4)),
    typo: take(share(0.008, 3)),
    loud: take(share(0.006, 3)),
    onlyShop: take(share(0.009, 2)),
    onlySales: take(share(0.012, 2)),
    onlyLedger: take(share(0.0045, 1)),
    noSales: take(share(0.03, 2)),
    noLedger: take(share(0.05, 2)),
    plain: all.slice(at),
  };
}

/** The six people whom no rule can decide: accounting knows something else, and a file has no times. */
function contest(person: Person, index: number, random: Random): Person {
  const other = { ...person, family: family(random) };
  switch (index) {
    case 0:
    case 1:
      return other;
    case 2:
      return { ...person, sinceDay: person.sinceDay + 31 };
    case 3:
    case 4:
      return { ...person, phone: '+49 30 23125 999' };
    default:
      return { ...other, phone: '+49 30 23125 000' };
  }
}

/** Deterministic: the same seed and number give the same three places. */
export function threePlaces(options: { readonly seed: number; readonly customers: number }): ThreePlaces {
  const random = seededRandom(options.seed);
  // The shop has all but those who are only elsewhere, so that it comes out at about the number asked for.
  const all = [...people(random, Math.max(60, Math.round(options.customers / 0.9835)))];
  const roles = cast(all);
  const shop: Person[] = [];
  const sales: (Omit<Person, 'phone'> & { readonly phone: string | null })[] = [];
  const ledger: (Person & { readonly badDate?: string })[] = [];

  const [twice, bad, ...rest] = roles.plain;
  if (twice === undefined || bad === undefined) throw new RangeError('At least 60 customers are needed.');
  const everywhere = (person: Person, there: Partial<Person> = {}, inBooks: Partial<Person> = {}) => {
    shop.push(person);
    sales.push({ ...person, ...there });
    ledger.push({ ...person, ...inBooks });
  };

  everywhere(twice);
  shop.push({ ...twice, given: `${twice.given.slice(0, 1)}.`, status: 'active', tags: [], changed: twice.changed - 40 * hourMs });
  shop.push(bad);
  sales.push(bad);
  ledger.push({ ...bad, badDate: '31.02.2020' });
  for (const [index, person] of roles.contested.entries()) {
    const phone = person.phone === '' ? '+49 30 23125 111' : person.phone;
    everywhere({ ...person, phone }, {}, contest({ ...person, phone }, index, random));
  }
  for (const person of roles.moved) {
    const before = { ...person, ...address(random), changed: person.changed - (24 + random.below(4000)) * hourMs };
    if (random.chance(0.5)) everywhere(before, person);
    else everywhere(person, before);
  }
  for (const person of roles.typo)
    everywhere({ ...person, street: mistyped(person.street, random), changed: person.changed - 90 * hourMs }, person);
  for (const person of roles.loud) everywhere(person, { email: random.chance(0.5) ? person.email.toUpperCase() : ` ${person.email} ` });
  for (const person of rest) everywhere(person);
  shop.push(...roles.noLedger, ...roles.noSales);
  sales.push(...roles.noLedger);
  ledger.push(...roles.noSales);
  shop.push(...roles.onlyShop);
  sales.push(...roles.onlySales);
  ledger.push(...roles.onlyLedger);

  const numbered = <T>(rows: readonly T[], start: number): (T & { key: number })[] =>
    random.shuffle(rows).map((row, index) => ({ ...row, key: start + index }));
  const blankPhones = sales.map((row) => {
    if (row.phone !== '')
      return row.phone !== null && random.chance(0.02) && !roles.contested.some((one) => one.email === row.email)
        ? { ...row, phone: null }
        : row;
    return { ...row, phone: random.chance(0.85) ? null : '' };
  });
  const emails = (list: readonly Person[]) => list.map((person) => person.email);
  return {
    shop: numbered(shop, 101),
    sales: numbered(blankPhones, 1),
    ledger: numbered(ledger, 10_001),
    known: {
      contested: emails(roles.contested),
      twice: twice.email,
      badDate: bad.email,
      moved: emails(roles.moved),
      onlyShop: emails(roles.onlyShop),
      onlySales: emails(roles.onlySales),
      onlyLedger: emails(roles.onlyLedger),
    },
  };
}
