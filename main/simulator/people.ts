// People at the places: they enter rows, change cells and delete rows, as their place spells things.
import type { Native, NativeSet } from '../../connectors/contract.ts';
import { keyId } from '../../connectors/shared/keys.ts';
import { equalValues, isBlank } from '../core/model/value.ts';
import type { Value } from '../core/model/value.ts';
import type { Db } from '../store/open.ts';
import type { Clock } from './clock.ts';
import { generatedValue } from './field-values.ts';
import type { Ledger } from './ledger.ts';
import { spelled } from './place.ts';
import type { Place, Places } from './place.ts';
import type { Random } from './random.ts';
import type { Removals } from './removals.ts';

export class People {
  private readonly places: Places;
  private readonly ledger: Ledger;
  private readonly clock: Clock;
  private readonly removals: Removals;
  private readonly databases: () => readonly Db[];
  private count = 0;

  constructor(places: Places, ledger: Ledger, removals: Removals, clock: Clock, databases: () => readonly Db[]) {
    this.places = places;
    this.ledger = ledger;
    this.removals = removals;
    this.clock = clock;
    this.databases = databases;
    for (const place of places.all) for (const row of place.rows) ledger.note(place, row);
    removals.seeAll();
    this.count = Math.max(0, ...places.all.map((place) => place.rows.length)) * 10;
  }

  /** Something that somebody does, in words. */
  act(random: Random): string {
    const dice = random.int(9);
    return dice < 2 ? this.insert(random) : dice < 8 ? this.edit(random) : this.remove(random);
  }

  /** A value that was not there before. */
  fresh(field: string, random: Random): Value {
    this.count += 1;
    const type = this.places.model.fields.find((one) => one.name === field)?.type;
    return type === undefined ? null : generatedValue(field, type, this.count, random);
  }

  /** A new row; now and then of something that another place has already. */
  insert(random: Random): string {
    const place = random.pick(this.places.all);
    const elsewhere = this.places.all.filter((other) => other !== place).flatMap((other) => other.rows.map((row) => other.read(row)));
    const known = random.chance(0.4) && elsewhere.length > 0 ? random.pick(elsewhere) : undefined;
    const { match } = this.places.model;
    const row: Record<string, Native> = Object.fromEntries(
      place.table.columns.map((column) => [column, place.table.keeps?.(null) ?? null]),
    );
    for (const field of place.readable) {
      const isMatched = match.includes(field);
      const isKey = place.config.key.includes(place.model.lenses[field]?.column ?? '');
      if (!isMatched && !isKey && !random.chance(0.7)) continue;
      const value = isMatched && known ? (known[field] ?? null) : this.fresh(field, random);
      this.spell(place, row, field, value, random);
    }
    this.giveKey(place, row);
    const [key, matchKey] = [keyId(place.key(row)), place.matchKey(row)];
    const isTaken = place.rows.some((one) => keyId(place.key(one)) === key || (matchKey !== null && place.matchKey(one) === matchKey));
    if (isTaken || (match.length > 0 && matchKey === null)) return `${place.name}: nobody enters a second row of the same`;
    this.touch(place, row, random);
    this.ledger.note(place, row);
    place.rows.push(row);
    this.removals.see(place, row);
    return `${place.name}: somebody enters row ${place.key(row).join(', ')}: ${JSON.stringify(place.read(row))}`;
  }

  /** Somebody changes a cell, and now and then somebody else the same one elsewhere. */
  edit(random: Random): string {
    const place = random.pick(this.places.all);
    const row = place.rows[random.int(Math.max(1, place.rows.length))];
    const fields = this.editable(place);
    if (!row || fields.length === 0) return `${place.name}: there is nothing to change`;
    const field = random.pick(fields);
    const matchKey = place.matchKey(row);
    const said = this.change(place, row, field, random);
    const other = random.pick(this.places.all);
    const twin = matchKey === null ? undefined : other.rows.find((one) => other.matchKey(one) === matchKey);
    if (random.chance(0.7) || other === place || !twin || !this.editable(other).includes(field)) return said;
    return `${said}; ${this.change(other, twin, field, random)}`;
  }

  remove(random: Random): string {
    const place = random.pick(this.places.all);
    if (place.rows.length === 0) return `${place.name}: there is nothing to delete`;
    const at = random.int(place.rows.length);
    const row = place.rows[at] ?? {};
    this.ledger.forget(place, row, place.readable, this.databases());
    this.removals.note(place, place.key(row));
    place.rows.splice(at, 1);
    return `${place.name}: somebody deletes row ${place.key(row).join(', ')}`;
  }

  /** A cell of the key stays: another key would be another row. */
  private editable(place: Place): readonly string[] {
    return place.readable.filter((field) => !place.config.key.includes(place.model.lenses[field]?.column ?? ''));
  }

  private change(place: Place, row: NativeSet, field: string, random: Random): string {
    const next: Record<string, Native> = { ...row };
    const isEmptied = !this.places.model.match.includes(field) && random.chance(0.12);
    if (!this.spell(place, next, field, isEmptied ? null : this.fresh(field, random), random)) return `${place.name}: a cell stays`;
    this.ledger.forget(place, row, [field], this.databases());
    this.touch(place, next, random);
    this.ledger.note(place, next, [field]);
    place.rows[place.rows.indexOf(row)] = next;
    this.removals.see(place, next);
    return `${place.name}: ${field} of row ${place.key(next).join(', ')} becomes ${JSON.stringify(place.read(next)[field] ?? null)}`;
  }

  /** Sets the cell as somebody would type it; false where the place cannot hold the value. */
  private spell(place: Place, row: Record<string, Native>, field: string, value: Value, random: Random): boolean {
    const lens = place.model.lenses[field];
    if (lens === undefined) return false;
    const plain = spelled(place, lens, value);
    if (plain === undefined) return false;
    row[lens.column] = plain;
    if (typeof plain !== 'string' || isBlank(value) || !random.chance(0.3)) return true;
    const shouted = lens.read(plain.toUpperCase());
    const meant = lens.read(plain);
    if (shouted.ok && meant.ok && equalValues(shouted.value, meant.value)) row[lens.column] = plain.toUpperCase();
    return true;
  }

  private giveKey(place: Place, row: Record<string, Native>): void {
    const numbers = place.rows.flatMap((one) => place.key(one).map(Number)).filter(Number.isFinite);
    for (const column of place.config.key) {
      const cell = row[column] ?? null;
      if (cell !== null && cell !== '') continue;
      const next = 1 + Math.max(this.count, ...numbers);
      row[column] = place.table.keeps?.(next) ?? next;
    }
    this.count += 1;
  }

  /** Where the place notes when a row was changed, it mostly does. */
  private touch(place: Place, row: Record<string, Native>, random: Random): void {
    this.clock.tick(60_000);
    const { modified } = place;
    if (modified === undefined || this.isMapped(place, modified.column)) return;
    const isNoted = random.chance(0.8) || place.config.changes === 'cursor';
    const at = new Date(this.clock.time() + place.clockOffset).toISOString();
    row[modified.column] = spelled(place, modified, isNoted ? at : null) ?? null;
  }

  private isMapped(place: Place, column: string): boolean {
    return Object.values(place.model.lenses).some((lens) => lens.column === column);
  }
}
