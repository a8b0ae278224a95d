// Holds every write that reached a place against what was said before: the plan, the limits, and what the place had just listed.
import type { NativeSet, WriteOperation } from '../../connectors/contract.ts';
import type { PageCall } from '../../connectors/memory/faults.ts';
import { planTable } from '../store/tables/plans.ts';
import type { RunOptions } from '../store/tables/run-state.ts';
import type { Db } from '../store/open.ts';
import type { Desk } from './desk.ts';
import { LawBroken } from './law.ts';
import type { Place, Places } from './place.ts';
import type { Removals } from './removals.ts';

/** More rows than people ever enter in a history: workspaces that answer each other with ever new rows. */
const mostRows = 600;

interface Counts {
  readonly deletes: Map<string, number>;
  readonly updates: Map<string, number>;
}

export class Journal {
  private readonly places: Places;
  /** By place: match keys that its last listing showed, and that were created since. */
  private readonly shown = new Map<string, Set<string>>();
  private readonly checked = new Map<string, number>();
  private readonly noted = new Map<string, number>();
  /** Deletes and updates by desk and plan: a run that was killed goes on with its plan. */
  private readonly counts = new Map<string, Counts>();
  /** The most rows that each place had. */
  private readonly most = new Map<string, number>();
  /** Found in the middle of a run, which would take it for a failure of the place. */
  private doubled: LawBroken | undefined;

  private readonly removals: Removals;

  constructor(places: Places, removals: Removals) {
    this.places = places;
    this.removals = removals;
  }

  listed({ store, index, isPartial }: PageCall, rows: readonly NativeSet[]): void {
    const place = this.places.named(store);
    const shown = index === 0 && !isPartial ? new Set<string>() : this.shownAt(store);
    for (const row of rows) add(shown, place.matchKey(row));
    this.shown.set(store, shown);
    this.most.set(store, Math.max(this.most.get(store) ?? 0, place.rows.length));
  }

  written(name: string): void {
    const place = this.places.named(name);
    const { journal } = place.store;
    for (const entry of journal.slice(this.noted.get(name) ?? 0)) {
      if (entry.kind === 'create') add(this.shownAt(name), place.matchKey(entry.set));
      if (entry.kind === 'delete') this.removals.note(place, entry.key);
    }
    for (const row of place.rows) this.removals.see(place, row);
    this.noted.set(name, journal.length);
  }

  /** The desk has another database now, which gives its plans the same numbers again. */
  forget(desk: Desk): void {
    for (const at of this.counts.keys()) if (at.startsWith(`${desk.folder} `)) this.counts.delete(at);
  }

  /** Before a write. Law 4: nothing is created where its like was just listed, or created before. People may make doubles, a run may not. */
  watch(name: string, operations: readonly WriteOperation[]): void {
    const place = this.places.named(name);
    if (place.rows.length > mostRows) {
      this.doubled ??= new LawBroken('no-doubles', `${name} has ${place.rows.length} rows, and ever more`);
      throw this.doubled;
    }
    for (const { kind, set } of operations) {
      if (kind !== 'create') continue;
      const key = place.matchKey(set);
      if (key === null || !this.shownAt(name).has(key) || !hasRow(place, key)) continue;
      this.doubled ??= new LawBroken('no-doubles', `${name} is given a second row of ${key}`);
    }
  }

  /** Laws 4, 6 and 8: what reached a place was a line of a stored plan, and no more than the limits allow. */
  check(desk: Desk): void {
    if (this.doubled) throw this.doubled;
    const { db } = desk.workspace;
    const plans = new Set<number>();
    for (const { name, store } of this.places.all) {
      const entries = store.journal.slice(this.checked.get(name) ?? 0);
      this.checked.set(name, store.journal.length);
      for (const entry of entries) {
        const plan = plannedIn(db, name, entry);
        plans.add(plan);
        const counts = this.countsOf(desk, plan);
        if (entry.kind === 'delete' && !isUndone(db, plan, name, entry.id)) this.removals.check(db, name, entry.id);
        if (entry.kind !== 'create') count(entry.kind === 'delete' ? counts.deletes : counts.updates, name);
      }
    }
    for (const plan of plans) this.checkLimits(desk, plan);
  }

  private checkLimits(desk: Desk, plan: number): void {
    const counts = this.countsOf(desk, plan);
    const approved = optionsOf(desk.workspace.db, plan)?.approve;
    for (const kind of ['deletes', 'updates'] as const) {
      if (optionsOf(desk.workspace.db, plan)?.undo !== undefined) continue; // a person asked for exactly this
      const limit = this.places.model.limits[kind];
      const beyond = [...counts[kind]].filter(([name, done]) => done > limit.count && done > limit.share * (this.most.get(name) ?? 0));
      const total = beyond.reduce((sum, [, done]) => sum + done, 0);
      if (total <= (approved?.[kind] ?? 0)) continue;
      throw new LawBroken('guarded', `${total} ${kind} at ${beyond.map(([name]) => name).join(', ')} past the limit of ${limit.count}`);
    }
  }

  private countsOf(desk: Desk, plan: number): Counts {
    const at = `${desk.folder} ${plan}`;
    const known = this.counts.get(at) ?? { deletes: new Map(), updates: new Map() };
    this.counts.set(at, known);
    return known;
  }

  private shownAt(name: string): Set<string> {
    const known = this.shown.get(name) ?? new Set<string>();
    this.shown.set(name, known);
    return known;
  }
}

function add(keys: Set<string>, key: string | null): void {
  if (key !== null) keys.add(key);
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function hasRow(place: Place, key: string): boolean {
  return place.rows.some((row) => place.matchKey(row) === key);
}

interface Written {
  readonly id: number;
  readonly kind: string;
  readonly key: readonly string[];
}

/** The plan that says this write. */
function plannedIn(db: Db, endpoint: string, entry: Written): number {
  const item = db
    .prepare<[number], { kind: string; endpoint: string; key: string; plan: number }>(
      'SELECT kind, endpoint, key, plan FROM item WHERE id = ?',
    )
    .get(entry.id);
  const isSaid = item?.kind === entry.kind && item.endpoint === endpoint;
  if (item && isSaid && planTable(db).find(item.plan)?.hash) return item.plan;
  throw new LawBroken('said-then-done', `${endpoint} was written without a plan: ${JSON.stringify(entry)}`);
}

function optionsOf(db: Db, plan: number): RunOptions | undefined {
  const options = db.prepare<[number], string>('SELECT options FROM run WHERE plan = ?').pluck().get(plan);
  return options === undefined ? undefined : (JSON.parse(options) as RunOptions);
}

/** The plan undoes a run that had created the row. */
function isUndone(db: Db, plan: number, endpoint: string, item: number): boolean {
  const undone = optionsOf(db, plan)?.undo;
  const made = db.prepare<[number, string, number], number>(
    `SELECT count(*) FROM item made JOIN run r ON r.plan = made.plan JOIN item gone ON gone.record = made.record AND gone.key = made.key
     WHERE r.id = ? AND made.endpoint = ? AND made.kind = 'create' AND made.state = 'done' AND gone.id = ?`,
  );
  return undone !== undefined && made.pluck().get(undone, endpoint, item) !== 0;
}
