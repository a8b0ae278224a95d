// Invented customers: names and places are put together from word lists, addresses end in reserved domains.
import type { Random } from './random.ts';

export interface Person {
  readonly email: string;
  readonly given: string;
  readonly family: string;
  readonly phone: string;
  readonly street: string;
  readonly zip: string;
  readonly city: string;
  /** Days since 2012-01-01. */
  readonly sinceDay: number;
  /** Cents. */
  readonly balance: number;
  readonly status: 'active' | 'paused' | 'closed';
  readonly tags: readonly string[];
  readonly newsletter: boolean;
  /** Epoch milliseconds. */
  readonly changed: number;
}

export const given = [
  'Alma',
  'Anton',
  'Bärbel',
  'Bruno',
  'Carla',
  'Cosmo',
  'Dörte',
  'Emil',
  'Fenja',
  'Florin',
  'Greta',
  'Hanno',
  'Ilse',
  'Jasper',
  'Jördis',
  'Käthe',
  'Lasse',
  'Lioba',
  'Magnus',
  'Mirja',
  'Nele',
  'Odo',
  'Pelle',
  'Quirin',
  'Ronja',
  'Sönke',
  'Tilda',
  'Ulf',
  'Vera',
  'Wiebke',
  'Xenia',
  'Yorick',
  'Zoe',
  'Élodie',
  'François',
  'Inès',
];
export const familyStart = [
  'Birken',
  'Buchen',
  'Dorn',
  'Eichen',
  'Falken',
  'Farn',
  'Finken',
  'Gold',
  'Grün',
  'Hasel',
  'Herbst',
  'Kiesel',
  'Klee',
  'Krähen',
  'Linden',
  'Mohn',
  'Moor',
  'Mühlen',
  'Nebel',
  'Nuß',
  'Rosen',
  'Salz',
  'Schnee',
  'Silber',
  'Sommer',
  'Stein',
  'Tannen',
  'Wald',
  'Weiden',
  'Winter',
];
export const familyEnd = [
  'acker',
  'bach',
  'berg',
  'brunn',
  'feld',
  'garten',
  'hof',
  'höhe',
  'horst',
  'kamp',
  'röder',
  'see',
  'stätter',
  'tal',
  'wiese',
  'zweig',
];
export const cityStart = ['Alt', 'Bad ', 'Groß', 'Hoch', 'Klein', 'Neu', 'Nieder', 'Ober', 'Unter', 'West'];
export const cityEnd = [
  'aue',
  'brück',
  'furt',
  'hagen',
  'haven',
  'heim',
  'kirch',
  'leben',
  'lohe',
  'münde',
  'rode',
  'stedt',
  'walde',
  'werder',
];
export const streetStart = [
  'Ahorn',
  'Amsel',
  'Bahnhof',
  'Brunnen',
  'Dorf',
  'Garten',
  'Hafen',
  'Kirch',
  'Markt',
  'Mühl',
  'Schul',
  'Sonnen',
  'Wasser',
];
export const streetEnd = ['allee', 'gasse', 'platz', 'ring', 'steig', 'straße', 'weg'];
export const domains = ['posthorn.example', 'nordlicht.example', 'brieftaube.example', 'mail.example.org', 'example.net'];
const tagWords = ['vip', 'wholesale', 'newsletter', 'trade fair', 'reseller', 'school', 'export'];

/** 2026-06-01T00:00:00Z: nothing in the sample was changed after that day. */
const lastChange = Date.UTC(2026, 5, 1);
const dayMs = 86_400_000;

/** A name as it stands in an e-mail address. */
export const plain = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ä', 'ae')
    .replaceAll('ö', 'oe')
    .replaceAll('ü', 'ue')
    .normalize('NFD')
    .replaceAll(/[^a-z]/g, '');

function phone(random: Random): string {
  return `+49 30 23125 ${String(random.below(1000)).padStart(3, '0')}`;
}

/** Where somebody lives, for a person or for one who moves. */
export function address(random: Random): Pick<Person, 'street' | 'zip' | 'city'> {
  const city = `${random.pick(cityStart)}${random.pick(cityEnd)}`.replace(/ (.)/, (_, letter: string) => ` ${letter.toUpperCase()}`);
  return {
    street: `${random.pick(streetStart)}${random.pick(streetEnd)} ${1 + random.below(140)}`,
    zip: String(1000 + random.below(98_000)).padStart(5, '0'),
    city,
  };
}

/** A family name. */
export function family(random: Random): string {
  return `${random.pick(familyStart)}${random.pick(familyEnd)}`;
}

/** People whose e-mail addresses are all different. `from` keeps two batches apart. */
export function* people(random: Random, count: number, from = 0): Generator<Person> {
  const taken = new Set<string>();
  for (let index = 0; index < count; index++) {
    const own = { given: random.pick(given), family: family(random) };
    const name = `${plain(own.given)}.${plain(own.family)}`;
    const domain = random.pick(domains);
    const first = `${name}@${domain}`;
    const email = from === 0 && !taken.has(first) ? first : `${name}.${from + index}@${domain}`;
    if (count <= 10_000) taken.add(email);
    yield {
      email: count <= 10_000 ? email : `${name}.${from + index}@${domain}`,
      ...own,
      phone: random.chance(0.85) ? phone(random) : '',
      ...address(random),
      sinceDay: random.below(5000),
      balance: random.chance(0.3) ? 0 : random.below(900_000) - 60_000,
      status: random.chance(0.86) ? 'active' : random.chance(0.6) ? 'paused' : 'closed',
      tags: random.chance(0.45) ? [] : random.shuffle(tagWords).slice(0, 1 + random.below(3)),
      newsletter: random.chance(0.4),
      changed: lastChange - random.below(700 * 24 * 3600) * 1000,
    };
  }
}

/** A day counted from 2012-01-01 as year, month and day, each with its zeros. */
export function dateParts(day: number): readonly [year: string, month: string, day: string] {
  const [year = '', month = '', date = ''] = new Date(Date.UTC(2012, 0, 1) + day * dayMs).toISOString().slice(0, 10).split('-');
  return [year, month, date];
}

/** The way somebody mistypes a name: two letters in the middle change places. */
export function mistyped(name: string, random: Random): string {
  const at = 2 + random.below(Math.max(1, name.length - 4));
  const swapped = `${name.slice(0, at)}${name[at + 1] ?? ''}${name[at] ?? ''}${name.slice(at + 2)}`;
  return swapped === name ? `${name.slice(0, at)}${name.slice(at + 1)}` : swapped;
}
