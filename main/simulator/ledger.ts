// Remembers every value that a person wrote, to ask for it later: nothing may be lost, and nothing may appear that nobody wrote.
import type { NativeSet } from '../../connectors/contract.ts';
import { isBlank } from '../core/model/value.ts';
import type { Value, Values } from '../core/model/value.ts';
import type { Db } from '../store/open.ts';
import { goldenText } from '../store/tables/golden.ts';
import { LawBroken } from './law.ts';
import type { Place, Places } from './place.ts';

/** A value of a field, as one text. */
type Token = string;

export class Ledger {
  private readonly places: Places;
  private readonly written = new Set<Token>();
  private readonly ever = new Set<Token>();
  private readonly everItems = new Set<Token>();
  private readonly known = new Map<Token, readonly Token[]>();
  /** Fields whose merge makes values of its own: sums and merged texts. */
  private readonly transformed: ReadonlySet<string>;
  private readonly merged: ReadonlySet<string>;

  constructor(places: Places) {
    this.places = places;
    const merging = (...hows: readonly string[]) => {
      const fields = places.model.fields.filter(({ policies }) => policies.some((one) => one.kind === 'merge' && hows.includes(one.how)));
      return new Set(fields.map((field) => field.name));
    };
    this.transformed = merging('sum', 'text');
    this.merged = merging('union');
    for (const { archive } of places.model.endpoints) if (archive) this.noteChosen(archive.field, archive.value);
  }

  /** A person wrote this row, or these fields of it. */
  note(place: Place, row: NativeSet, fields: readonly string[] = place.readable): void {
    const values = place.read(row);
    for (const field of fields) {
      const value = values[field];
      if (value === undefined || isBlank(value)) continue;
      this.written.add(tokenOf(field, value));
      this.noteChosen(field, value);
    }
  }

  /** A value that may appear at every place, although nobody entered it at one. */
  noteChosen(field: string, value: Value): void {
    for (const token of this.images(field, value)) this.ever.add(token);
    if (Array.isArray(value)) for (const item of value) this.everItems.add(tokenOf(field, item));
  }

  /** Before its own place loses a value that was never part of a record: it is nobody's to keep. */
  forget(place: Place, row: NativeSet, fields: readonly string[], databases: readonly Db[]): void {
    const values = place.read(row);
    for (const field of fields) {
      const value = values[field];
      if (value === undefined || !this.written.has(tokenOf(field, value))) continue;
      const token = tokenOf(field, value);
      const shownElsewhere = this.places.all.some((one) => one.rows.some((other) => other !== row && this.shows(one, other, field, token)));
      if (!shownElsewhere && !this.kept(databases, false).has(token)) this.written.delete(token);
    }
  }

  /** A database was replaced by an older one: what only the newer one knew went with it, by the hand of the person who did it. */
  forgetUnkept(databases: readonly Db[]): void {
    const kept = this.kept(databases, true);
    this.addShown(kept);
    for (const token of this.written) if (!kept.has(token)) this.written.delete(token);
  }

  /** A value that is still shown at a place is not lost either. */
  checkNothingLost(databases: readonly Db[]): void {
    const kept = this.kept(databases, true);
    this.addShown(kept);
    for (const token of this.written) if (!kept.has(token)) throw new LawBroken('nothing-lost', `${token} is kept nowhere`);
  }

  checkNothingInvented(): void {
    for (const place of this.places.all) {
      for (const row of place.rows) {
        for (const [field, value] of Object.entries(place.read(row))) {
          if (isBlank(value) || this.ever.has(tokenOf(field, value)) || this.isMerged(field, value)) continue;
          throw new LawBroken('nothing-invented', `${place.name} shows ${tokenOf(field, value)}`);
        }
      }
    }
  }

  private isMerged(field: string, value: Value): boolean {
    if (this.transformed.has(field)) return true;
    return this.merged.has(field) && Array.isArray(value) && value.every((item) => this.everItems.has(tokenOf(field, item)));
  }

  private shows(place: Place, row: NativeSet, field: string, token: Token): boolean {
    const value = place.read(row)[field];
    return value !== undefined && tokenOf(field, value) === token;
  }

  private addShown(tokens: Set<Token>): void {
    for (const place of this.places.all)
      for (const row of place.rows) for (const [field, value] of Object.entries(place.read(row))) tokens.add(tokenOf(field, value));
  }

  /** Every value that is agreed, contested, in the history as overwritten, or with `waiting` in a row whose match is asked. */
  private kept(databases: readonly Db[], waiting: boolean): Set<Token> {
    const kept = new Set<Token>();
    for (const db of databases) {
      for (const values of goldenValues(db))
        for (const [field, value] of Object.entries(values)) for (const token of this.images(field, value)) kept.add(token);
      for (const [field, value] of contestedValues(db)) kept.add(tokenOf(field, value));
      if (waiting)
        for (const values of waitingValues(db)) for (const [field, value] of Object.entries(values)) kept.add(tokenOf(field, value));
    }
    return kept;
  }

  /** The value and everything that places show of it. */
  private images(field: string, value: Value): readonly Token[] {
    const first = tokenOf(field, value);
    const known = this.known.get(first);
    if (known) return known;
    const found = new Map<Token, Value>([[first, value]]);
    for (const one of found.values()) {
      for (const { lenses } of this.places.model.endpoints) {
        const image = lenses[field]?.image(one);
        if (image?.ok === true) found.set(tokenOf(field, image.value), image.value);
      }
    }
    const tokens = [...found.keys()];
    this.known.set(first, tokens);
    return tokens;
  }
}

export function tokenOf(field: string, value: Value): Token {
  return `${field} ${JSON.stringify(value)}`;
}

function goldenValues(db: Db): Values[] {
  const unpack = goldenText(db).unpacker();
  const all = db.prepare<[], string>("SELECT golden FROM record WHERE status = 'live'").pluck().all();
  return all.map(unpack);
}

function contestedValues(db: Db): (readonly [string, Value])[] {
  const open = db.prepare<[], { field: string; candidates: string }>(
    "SELECT field, candidates FROM conflict_field WHERE state <> 'closed'",
  );
  const history = db.prepare<[], { field: string; value: string }>(
    'SELECT field, from_value AS value FROM history WHERE from_value IS NOT NULL',
  );
  return [
    ...open.all().flatMap(({ field, candidates }) => {
      const all = Object.values(JSON.parse(candidates) as Record<string, { value: Value }>);
      return all.map(({ value }) => [field, value] as const);
    }),
    ...history.all().map(({ field, value }) => [field, JSON.parse(value) as Value] as const),
  ];
}

function waitingValues(db: Db): Values[] {
  const open = db.prepare<[], string>("SELECT body FROM conflict WHERE kind = 'match' AND state <> 'closed'").pluck().all();
  return open.flatMap((body) => (JSON.parse(body) as { rows: { values: Values }[] }).rows.map((row) => row.values));
}
