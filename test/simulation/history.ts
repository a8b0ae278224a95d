// One generated history: people edit, runs come and die, connections break; then everything calms down and the laws must hold.
import type { ReadFault, WriteFault } from '../../connectors/memory/faults.ts';
import type { Native, NativeSet } from '../../connectors/contract.ts';
import type { Difference } from '../../main/engine/verify.ts';
import { runStateTable } from '../../main/store/tables/run-state.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';
import { canonical, createWorld, editable, keptValues } from './world.ts';
import type { World } from './world.ts';

type Row = Record<string, Native>;

/** What a history did, so that a test can see that it did something. */
export interface Tally {
  readonly runs: number;
  readonly crashes: number;
  readonly writes: number;
  readonly conflicts: number;
}

export async function liveHistory(seed: number): Promise<Tally> {
  const random = createRandom(seed);
  const world = await createWorld(random);
  const people = new People(world, random);
  if (random.chance(0.4)) {
    people.settle();
    await world.run();
  }
  let runs = 0;
  let crashes = 0;
  try {
    for (let step = 0; step < 10 + random.int(12); step += 1) {
      if (random.chance(0.62)) people.act();
      else {
        runs += 1;
        trouble(world, random, people);
        const journal = journalLengths(world);
        if (await world.run()) crashes += 1;
        checkJournal(world, journal);
      }
      people.checkNothingLost();
    }
    world.faults = {};
    world.crashAt = 0;
    const decides = random.chance(0.6);
    for (let round = 1, isCalm = false; !isCalm; round += 1) {
      if (round > roundsToCalm) throw new Error(`still changing after ${roundsToCalm} runs without news`);
      if (decides) people.decideAll();
      runs += 1;
      const journal = journalLengths(world);
      const before = everything(world);
      await world.run();
      isCalm = everything(world) === before;
      checkJournal(world, journal);
    }
    people.checkNothingLost();
    await checkCalm(world, people);
    return {
      runs,
      crashes,
      writes: [...world.stores.values()].reduce((sum, store) => sum + store.journal.length, 0),
      conflicts: countConflicts(world),
    };
  } finally {
    await world.close();
  }
}

/** Runs after the last edit and the last fault within which nothing may be left to do. */
const roundsToCalm = 8;

const readFaults: readonly ReadFault[] = ['duplicate-pages', 'reorder-pages', 'incomplete', 'no-end', 'break', 'locked'];
const writeFaults: readonly WriteFault[] = ['fail', 'locked', 'lose-answer', 'partial', 'moved'];

function trouble(world: World, random: Random, people: People): void {
  const isTroubled = random.chance(0.6);
  world.crashAt = random.chance(0.35) ? 1 + random.int(9) : 0;
  world.faults = {
    onRead: () => (isTroubled && random.chance(0.25) ? [random.pick(readFaults)] : []),
    onWrite: ({ store, operations }) => {
      for (const operation of operations) if (operation.kind === 'create') checkNoDouble(world, store, operation.set);
      if (random.chance(0.1)) people.edit();
      return isTroubled && random.chance(0.3) ? random.pick(writeFaults) : undefined;
    },
  };
}

/** People at the places. They remember what they wrote, to ask for it later. */
class People {
  private readonly world: World;
  private readonly random: Random;
  private readonly written = new Set<string>();
  private readonly ever = new Set<string>();
  private count = 0;

  constructor(world: World, random: Random) {
    this.world = world;
    this.random = random;
  }

  act(): void {
    const dice = this.random.int(10);
    if (dice < 3) this.insert();
    else if (dice < 8) this.edit();
    else if (dice < 9) this.remove();
    else this.decideOne();
  }

  /** Rows that every place has before anything happens. */
  settle(): void {
    for (let left = 1 + this.random.int(3); left > 0; left -= 1) this.insert();
  }

  private fresh(column: string): string {
    this.count += 1;
    const second = String(this.count % 60).padStart(2, '0');
    const minute = String(Math.floor(this.count / 60)).padStart(2, '0');
    if (column === 'mail') return `P${this.count}@Example.org`;
    if (column === 'seen') return `2025-03-04T05:${minute}:${second}.${this.random.chance(0.5) ? '250' : '000'}Z`;
    return `${column} ${this.count}`;
  }

  /** As the first place spells times: without the fraction. */
  private spelled(name: string, column: string, value: string): string {
    return column === 'seen' && name === this.world.names[0] ? value.slice(0, 19).replace('T', ' ') : value;
  }

  private note(column: string, value: Native): void {
    const form = canonical(column, value);
    if (form === undefined) return;
    this.written.add(form);
    this.ever.add(form);
    if (column === 'seen') this.ever.add(`${form.slice(0, 19)}.000Z`);
  }

  private touch(row: Row): void {
    row['changed'] = this.random.chance(0.8) ? new Date(Date.UTC(2026, 5, 1) + this.count * 60_000).toISOString() : null;
  }

  private insert(): void {
    const name = this.random.pick(this.world.names);
    const rows = this.world.rows(name) as Row[];
    const elsewhere = this.world.names.filter((other) => other !== name).flatMap((other) => this.world.rows(other) as Row[]);
    const known = this.random.chance(0.4) && elsewhere.length > 0 ? this.random.pick(elsewhere) : undefined;
    const mail = known ? String(known['mail'] ?? '') : this.fresh('mail');
    if (mail === '' || rows.some((row) => canonical('mail', row['mail'] ?? null) === canonical('mail', mail))) return;
    const row: Row = {
      id: 1 + Math.max(this.count, ...rows.map((one) => Number(one['id']))),
      mail,
      name: null,
      city: null,
      seen: null,
      changed: null,
    };
    for (const column of ['name', 'city', 'seen'])
      if (this.random.chance(0.7)) row[column] = this.spelled(name, column, this.fresh(column));
    this.count += 1;
    this.touch(row);
    for (const column of editable) this.note(column, row[column] ?? null);
    rows.push(row);
  }

  /** Somebody changes a cell, and now and then somebody else the same one elsewhere. */
  edit(): void {
    const name = this.random.pick(this.world.names);
    const rows = this.world.rows(name) as Row[];
    if (rows.length === 0) return;
    const at = this.random.int(rows.length);
    const mail = canonical('mail', rows[at]?.['mail'] ?? null);
    const column = this.random.pick(['name', 'name', 'city', 'city', 'seen', 'mail']);
    this.change(name, at, column);
    if (this.random.chance(0.7)) return;
    const other = this.random.pick(this.world.names);
    const twin = (this.world.rows(other) as Row[]).findIndex((row) => canonical('mail', row['mail'] ?? null) === mail);
    if (other !== name && twin >= 0) this.change(other, twin, column);
  }

  private change(name: string, at: number, column: string): void {
    const rows = this.world.rows(name) as Row[];
    const row = { ...rows[at] };
    this.forgetOwn(column, row[column] ?? null);
    row[column] = column !== 'mail' && this.random.chance(0.12) ? null : this.spelled(name, column, this.fresh(column));
    this.touch(row);
    this.note(column, row[column]);
    rows[at] = row;
  }

  private remove(): void {
    const rows = this.world.rows(this.random.pick(this.world.names)) as Row[];
    if (rows.length === 0) return;
    const [row] = rows.splice(this.random.int(rows.length), 1);
    for (const column of editable) this.forgetOwn(column, row?.[column] ?? null);
  }

  /** A value that its own place loses before it was part of a record is nobody's to keep. */
  private forgetOwn(column: string, value: Native): void {
    const form = canonical(column, value);
    if (form === undefined || keptValues(this.world.workspace(), { waiting: false }).has(form)) return;
    const shown = this.world.names
      .flatMap((name) => this.world.rows(name) as Row[])
      .filter((row) => canonical(column, row[column] ?? null) === form);
    if (shown.length <= 1) this.written.delete(form);
  }

  decideAll(): void {
    const { db } = this.world.workspace();
    const open = db.prepare("SELECT conflict, field FROM conflict_field WHERE state = 'open'").all() as {
      conflict: number;
      field: string;
    }[];
    for (const one of open) this.decide(one.conflict, one.field);
    const presence = db.prepare("SELECT id FROM conflict WHERE kind = 'presence' AND state = 'open'").pluck().all() as number[];
    for (const id of presence) this.decidePresence(id);
  }

  private decideOne(): void {
    const { db } = this.world.workspace();
    const open = db.prepare("SELECT conflict, field FROM conflict_field WHERE state = 'open'").all() as {
      conflict: number;
      field: string;
    }[];
    if (open.length > 0) {
      const one = this.random.pick(open);
      this.decide(one.conflict, one.field);
    }
  }

  private decide(conflict: number, field: string): void {
    const { db } = this.world.workspace();
    const row = db.prepare('SELECT base, candidates FROM conflict_field WHERE conflict = ? AND field = ?').get(conflict, field) as {
      base: string | null;
      candidates: string;
    };
    const candidates = JSON.parse(row.candidates) as Record<string, { value: string | null }>;
    const taken = this.random.pick([...Object.keys(candidates), ...(row.base === null ? [] : ['base'])]);
    const value = taken === 'base' ? (JSON.parse(row.base ?? 'null') as string | null) : (candidates[taken]?.value ?? null);
    const seen = Object.fromEntries(Object.entries(candidates).map(([name, candidate]) => [name, candidate.value]));
    db.prepare("UPDATE conflict_field SET state = 'decided', choice = ? WHERE conflict = ? AND field = ?").run(
      JSON.stringify({ value, taken, by: 'steward', seen }),
      conflict,
      field,
    );
    db.prepare('UPDATE record SET pending = pending | 1 WHERE id = (SELECT record FROM conflict WHERE id = ?)').run(conflict);
  }

  private decidePresence(id: number): void {
    const { db } = this.world.workspace();
    const body = JSON.parse(db.prepare('SELECT body FROM conflict WHERE id = ?').pluck().get(id) as string) as object;
    db.prepare("UPDATE conflict SET state = 'decided', body = ? WHERE id = ?").run(
      JSON.stringify({ ...body, choice: { keep: this.random.chance(0.5), by: 'steward' } }),
      id,
    );
    db.prepare('UPDATE record SET pending = pending | 1 WHERE id = (SELECT record FROM conflict WHERE id = ?)').run(id);
  }

  /** Law 2. A value that is still shown at a place is not lost either. */
  checkNothingLost(): void {
    const kept = keptValues(this.world.workspace(), { waiting: true });
    for (const name of this.world.names) {
      for (const row of this.world.rows(name) as Row[]) {
        for (const column of editable) {
          const form = canonical(column, row[column] ?? null);
          if (form !== undefined) kept.add(form);
        }
      }
    }
    for (const value of this.written) if (!kept.has(value)) throw new Error(`lost: ${value}`);
  }

  /** Law 3. */
  checkNothingInvented(): void {
    for (const name of this.world.names) {
      for (const row of this.world.rows(name) as Row[]) {
        for (const column of editable) {
          const form = canonical(column, row[column] ?? null);
          if (form !== undefined && !this.ever.has(form)) throw new Error(`invented at ${name}: ${column} ${form}`);
        }
      }
    }
  }
}

function journalLengths(world: World): ReadonlyMap<string, number> {
  return new Map(world.names.map((name) => [name, world.stores.get(name)?.journal.length ?? 0]));
}

/** All that a run may change, but for its own diary. */
function everything(world: World): string {
  const { db } = world.workspace();
  const state = [
    'SELECT id, hex(uuid) AS uuid, status, golden FROM record ORDER BY id',
    'SELECT endpoint, key, record, status, shadow FROM link ORDER BY endpoint, key',
    'SELECT id, state, body FROM conflict ORDER BY id',
    'SELECT * FROM conflict_field ORDER BY conflict, field',
    'SELECT id, record, field, kind FROM history ORDER BY id',
  ].map((query) => db.prepare(query).all());
  return JSON.stringify([state, world.names.map((name) => world.rows(name))]);
}

/** Law 4: nothing is created where its like already is; people may make doubles, a run may not. */
function checkNoDouble(world: World, name: string, set: NativeSet): void {
  const mail = canonical('mail', set['mail'] ?? null);
  const twin = (world.rows(name) as Row[]).find((row) => mail !== undefined && canonical('mail', row['mail'] ?? null) === mail);
  if (twin) world.doubled.push(`${mail} at ${name}`);
}

/** Laws 4, 6 and 8: what reached a place was a line of a stored plan, and no more deletes than the limit allows. */
function checkJournal(world: World, before: ReadonlyMap<string, number>): void {
  if (world.doubled.length > 0) throw new Error(`doubled: ${world.doubled.join(', ')}`);
  const find = world.workspace().db.prepare('SELECT kind, endpoint, plan FROM item WHERE id = ?');
  for (const name of world.names) {
    const entries = (world.stores.get(name)?.journal ?? []).slice(before.get(name) ?? 0);
    const deletes = new Map<number, number>();
    for (const entry of entries) {
      const item = find.get(entry.id) as { kind: string; endpoint: string; plan: number } | undefined;
      if (!item || item.kind !== entry.kind || item.endpoint !== name)
        throw new Error(`not said before it was done at ${name}: ${JSON.stringify(entry)}`);
      if (entry.kind === 'delete') deletes.set(item.plan, (deletes.get(item.plan) ?? 0) + 1);
    }
    for (const count of deletes.values()) {
      if (world.limits.share === 0 && count > world.limits.count)
        throw new Error(`${count} deletes at ${name} past the limit of ${world.limits.count}`);
    }
  }
}

/** Laws 1, 3 and 7, once everything is calm. */
async function checkCalm(world: World, people: People): Promise<void> {
  const workspace = world.workspace();
  const unfinished = runStateTable(workspace.db).unfinished();
  if (unfinished.length > 0) throw new Error(`run ${unfinished[0]?.id} was never finished`);
  const plan = workspace.planDocument(await workspace.makePlan('people', {}));
  if (plan.operations.length > 0) throw new Error(`not converged: ${JSON.stringify(plan.operations.slice(0, 3))}`);
  const before = everything(world);
  await world.run();
  if (everything(world) !== before) throw new Error('a run without news changed something');
  const { differences } = await workspace.verify('people');
  const unexplained = differences.filter((difference) => !waitsForApproval(world, difference));
  if (unexplained.length > 0) throw new Error(`differs: ${JSON.stringify(unexplained.slice(0, 3))}`);
  people.checkNothingInvented();
}

/**
 * A record whose deletes are past the limit waits for a person's approval, as does one that is missing where suddenly nothing is listed:
 * it is neither deleted nor made anew.
 */
function waitsForApproval(world: World, { endpoint, key, record, why }: Difference): boolean {
  if (why !== 'no longer there' && why !== 'not created here yet') return false;
  const { db } = world.workspace();
  const linked = db.prepare('SELECT l.record FROM link l JOIN endpoint e ON e.id = l.endpoint WHERE e.name = ? AND l.key = ?');
  const identified = db.prepare("SELECT id FROM record WHERE uuid = unhex(replace(?, '-', ''))").pluck();
  const id = record === undefined ? linked.pluck().get(endpoint, JSON.stringify(key)) : identified.get(record);
  const missing = db.prepare("SELECT e.name FROM link l JOIN endpoint e ON e.id = l.endpoint WHERE l.record = ? AND l.status = 'absent'");
  const withheld = db.prepare("SELECT count(*) FROM item WHERE kind = 'withheld' AND record = ? AND plan = (SELECT max(id) FROM plan)");
  return withheld.pluck().get(id) !== 0 || (missing.pluck().all(id) as string[]).some((name) => world.rows(name).length === 0);
}

function countConflicts(world: World): number {
  return Number(world.workspace().db.prepare('SELECT count(*) FROM conflict').pluck().get());
}
