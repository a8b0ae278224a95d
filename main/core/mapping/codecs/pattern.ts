// Patterns of dates and times (`dd.MM.yyyy HH:mm`), compiled once into a regular expression and a printer.
import { isReal, pad, padYear, withoutEndZeros } from './calendar.ts';
import type { Parts } from './calendar.ts';
import { offsetMinutes } from './iso.ts';
import { literal } from './literal.ts';
import { numberAt } from './plain.ts';

/** What the pattern's texts say; the rest of the parts is zero, or the first day. */
export interface PatternUse {
  readonly year: boolean;
  readonly month: boolean;
  readonly day: boolean;
  readonly hour: boolean;
  readonly offset: boolean;
}

export interface Pattern {
  readonly has: PatternUse;
  /** The parts of a text that fits exactly and is a real day and time. */
  readonly read: (text: string) => Parts | undefined;
  readonly print: (parts: Parts) => string;
}

type Unit = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'fraction' | 'offset';

interface Token {
  readonly unit: Unit;
  readonly shape: string;
  /** The number of digits; `undefined` where it varies. */
  readonly length: number | undefined;
  readonly print: (parts: Parts) => string;
}

type Piece = Token | { readonly unit: 'literal'; readonly text: string };

/** Compiles a pattern, or says what is wrong with it. */
export function compilePattern(source: string): Pattern | { readonly problem: string } {
  const pieces: Piece[] = [];
  for (const [run] of source.matchAll(/'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']+|'/g)) {
    const piece = pieceOf(run);
    if (piece === undefined)
      return { problem: `pattern ${source}: ${run} is not known (yyyy MM M dd d HH H mm ss S XXX, other letters in quotes)` };
    pieces.push(piece);
  }
  const problem = structureProblem(source, pieces);
  if (problem !== undefined) return { problem };
  const units = pieces.flatMap((piece) => (piece.unit === 'literal' ? [] : [piece.unit]));
  const has = (unit: Unit): boolean => units.includes(unit);
  return {
    has: { year: has('year'), month: has('month'), day: has('day'), hour: has('hour'), offset: has('offset') },
    read: fixedReader(pieces) ?? looseReader(pieces, units),
    print: (parts) => {
      let text = '';
      for (const piece of pieces) text += piece.unit === 'literal' ? piece.text : piece.print(parts);
      return text;
    },
  };
}

function pieceOf(run: string): Piece | undefined {
  if (run === "'") return undefined;
  if (run.startsWith("'")) return { unit: 'literal', text: run === "''" ? "'" : run.slice(1, -1).replaceAll("''", "'") };
  if (!/^[A-Za-z]/.test(run) || run === 'T') return { unit: 'literal', text: run };
  if (/^S{1,9}$/.test(run)) {
    const length = run.length;
    return {
      unit: 'fraction',
      shape: `\\d{${length}}`,
      length,
      print: (parts) => parts.fraction.padEnd(length, '0').slice(0, length),
    };
  }
  switch (run) {
    case 'yyyy':
      return { unit: 'year', shape: '\\d{4}', length: 4, print: (parts) => padYear(parts.year) };
    case 'MM':
      return { unit: 'month', shape: '\\d{2}', length: 2, print: (parts) => pad(parts.month) };
    case 'M':
      return { unit: 'month', shape: '\\d{1,2}', length: undefined, print: (parts) => String(parts.month) };
    case 'dd':
      return { unit: 'day', shape: '\\d{2}', length: 2, print: (parts) => pad(parts.day) };
    case 'd':
      return { unit: 'day', shape: '\\d{1,2}', length: undefined, print: (parts) => String(parts.day) };
    case 'HH':
      return { unit: 'hour', shape: '\\d{2}', length: 2, print: (parts) => pad(parts.hour) };
    case 'H':
      return { unit: 'hour', shape: '\\d{1,2}', length: undefined, print: (parts) => String(parts.hour) };
    case 'mm':
      return { unit: 'minute', shape: '\\d{2}', length: 2, print: (parts) => pad(parts.minute) };
    case 'ss':
      return { unit: 'second', shape: '\\d{2}', length: 2, print: (parts) => pad(parts.second) };
    case 'Z':
    case 'XXX':
      return { unit: 'offset', shape: 'Z|[+-]\\d{2}:\\d{2}', length: undefined, print: (parts) => offsetText(parts.offset ?? 0) };
    default:
      return undefined;
  }
}

function structureProblem(source: string, pieces: readonly Piece[]): string | undefined {
  const units = pieces.map((piece) => piece.unit).filter((unit) => unit !== 'literal');
  const twice = units.find((unit, index) => units.indexOf(unit) !== index);
  if (twice !== undefined) return `pattern ${source} says the ${twice} twice`;
  const chain: readonly Unit[] = ['hour', 'minute', 'second', 'fraction'];
  const gap = chain.find((unit, index) => index > 0 && units.includes(unit) && !units.includes(chain[index - 1] as Unit));
  if (gap !== undefined) return `pattern ${source} says the ${gap} without the ${chain[chain.indexOf(gap) - 1]}`;
  const clash = pieces.some((piece, index) => index > 0 && isLoose(piece, pieces[index - 1] as Piece));
  return clash ? `pattern ${source} is ambiguous: put something between a one-letter part and the number beside it` : undefined;
}

/** A digit beside a number whose length varies could belong to either. */
function isLoose(piece: Piece, before: Piece): boolean {
  const startsWithDigit = piece.unit === 'literal' ? /^\d/.test(piece.text) : piece.unit !== 'offset';
  const endsWithDigit = before.unit === 'literal' ? /\d$/.test(before.text) : before.unit !== 'offset';
  const loose = (some: Piece): boolean => some.unit !== 'literal' && some.length === undefined;
  return startsWithDigit && endsWithDigit && (loose(piece) || loose(before));
}

type Reader = Pattern['read'];

/** Where every part has its place, its digits are read there; nothing for a pattern whose parts vary in length. */
function fixedReader(pieces: readonly Piece[]): Reader | undefined {
  const places: { readonly piece: Piece; readonly at: number; readonly length: number }[] = [];
  let end = 0;
  for (const piece of pieces) {
    const length = piece.unit === 'literal' ? piece.text.length : piece.length;
    if (length === undefined) return undefined;
    places.push({ piece, at: end, length });
    end += length;
  }
  return (text) => {
    if (text.length !== end) return undefined;
    const parts = { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0, fraction: '' };
    for (const { piece, at, length } of places) {
      if (piece.unit === 'literal') {
        if (!text.startsWith(piece.text, at)) return undefined;
        continue;
      }
      const number = numberAt(text, at, length);
      if (number < 0 || piece.unit === 'offset') return undefined;
      if (piece.unit === 'fraction') parts.fraction = withoutEndZeros(text.slice(at, at + length));
      else parts[piece.unit] = number;
    }
    return isReal(parts) ? parts : undefined;
  };
}

function looseReader(pieces: readonly Piece[], units: readonly Unit[]): Reader {
  const shape = new RegExp(
    `^${pieces.map((piece) => (piece.unit === 'literal' ? literal(piece.text) : `(${piece.shape})`)).join('')}$`,
    'u',
  );
  const groups = groupsOf(units);
  return (text) => {
    const match = shape.exec(text);
    return match === null ? undefined : assemble(groups, match);
  };
}

/** The group of each unit in a pattern's shape; 0 where the pattern does not say it. */
type Groups = Readonly<Record<Unit, number>>;

function groupsOf(units: readonly Unit[]): Groups {
  const group = (unit: Unit): number => units.indexOf(unit) + 1;
  return {
    year: group('year'),
    month: group('month'),
    day: group('day'),
    hour: group('hour'),
    minute: group('minute'),
    second: group('second'),
    fraction: group('fraction'),
    offset: group('offset'),
  };
}

function assemble(groups: Groups, match: RegExpExecArray): Parts | undefined {
  const number = (group: number, otherwise: number): number => (group === 0 ? otherwise : Number(match[group]));
  const parts: Parts = {
    year: number(groups.year, 1970),
    month: number(groups.month, 1),
    day: number(groups.day, 1),
    hour: number(groups.hour, 0),
    minute: number(groups.minute, 0),
    second: number(groups.second, 0),
    fraction: groups.fraction === 0 ? '' : withoutEndZeros(match[groups.fraction] ?? ''),
    ...(groups.offset === 0 ? {} : { offset: offsetMinutes(match[groups.offset] ?? 'Z') }),
  };
  return isReal(parts) ? parts : undefined;
}

function offsetText(minutes: number): string {
  if (minutes === 0) return 'Z';
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}
