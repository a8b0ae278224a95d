// Remembers which rows were really deleted, so that a delete elsewhere can be asked for its reason.
import type { NativeSet } from '../../connectors/contract.ts';
import { keyId } from '../../connectors/shared/keys.ts';
import { matchKey } from '../core/mapping/normal.ts';
import type { Value, Values } from '../core/model/value.ts';
import type { Db } from '../store/open.ts';
import { LawBroken } from './law.ts';
import type { Place, Places } from './place.ts';

export class Removals {
  private readonly places: Places;
  /** By place and row: the match keys that it ever showed. */
  private readonly shown = new Map<string, Set<string>>();
  /** Match keys of rows that somebody or a run deleted. */
  private readonly gone = new Set<string>();

  constructor(places: Places) {
    this.places = places;
  }

  /** A row as it is now. */
  see(place: Place, row: NativeSet): void {
    const key = place.matchKey(row);
    if (key === null) return;
    const at = `${place.name} ${keyId(place.key(row))}`;
    const known = this.shown.get(at) ?? new Set();
    known.add(key);
    this.shown.set(at, known);
  }

  seeAll(): void {
    for (const place of this.places.all) for (const row of place.rows) this.see(place, row);
  }

  /** The row of this key was deleted. */
  note(place: Place, key: readonly string[]): void {
    const at = `${place.name} ${keyId(key)}`;
    for (const shown of this.shown.get(at) ?? []) this.gone.add(shown);
    this.shown.delete(at);
  }

  /** Nothing is deleted that was deleted nowhere: one of the record's match keys belonged to a row that is gone. */
  check(db: Db, endpoint: string, item: number): void {
    const { match } = this.places.model;
    const line = db.prepare<[number], { record: number; before: string }>('SELECT record, before FROM item WHERE id = ?').get(item);
    if (match.length === 0 || line === undefined) return;
    const before = JSON.parse(line.before) as Values;
    const keys = [before, ...earlierValues(db, line.record, before)].map((values) => matchKey(match, values));
    if (keys.some((key) => key === null || this.gone.has(key))) return;
    throw new LawBroken('no-false-deletes', `a row of ${keys[0]} was deleted at ${endpoint}, and it was deleted nowhere before`);
  }
}

/** The values with each earlier one of a field in its place. */
function earlierValues(db: Db, record: number, values: Values): Values[] {
  const rows = db
    .prepare<[number, number], { field: string; value: string }>(
      `SELECT field, from_value AS value FROM history WHERE record = ? AND from_value IS NOT NULL
       UNION SELECT field, to_value FROM history WHERE record = ? AND to_value IS NOT NULL`,
    )
    .all(record, record);
  return rows.map(({ field, value }) => ({ ...values, [field]: JSON.parse(value) as Value }));
}
