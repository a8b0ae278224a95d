// Stewards who decide what no rule can: on what they see now, or on what they saw some time ago.
import type { Candidate, FieldChoice, PresenceHold } from '../core/model/record.ts';
import type { Value, Values } from '../core/model/value.ts';
import { decisionTable } from '../store/tables/queries/decisions.ts';
import type { Db } from '../store/open.ts';
import type { Desk } from './desk.ts';
import { LawBroken } from './law.ts';
import type { Ledger } from './ledger.ts';
import type { People } from './people.ts';
import type { Random } from './random.ts';

/** A contested field as a steward saw it. */
interface View {
  readonly conflict: number;
  readonly record: number;
  readonly field: string;
  readonly base: string | null;
  readonly candidates: string;
}

const names = ['first steward', 'second steward'] as const;

export class Stewards {
  private readonly people: People;
  private readonly ledger: Ledger;
  private readonly now: () => number;
  private readonly views = new Map<string, readonly View[]>();
  /** By desk, record and field: the values that somebody saw when deciding. */
  private readonly decided = new Map<string, Set<string>>();
  private readonly checkedTo = new Map<Desk, number>();

  constructor(people: People, ledger: Ledger, now: () => number) {
    this.people = people;
    this.ledger = ledger;
    this.now = now;
  }

  /** One of them looks at the queue, and may decide later. */
  look(desk: Desk, random: Random): string {
    const name = random.pick(names);
    const views = openFields(desk.workspace.db);
    this.views.set(`${desk.folder} ${name}`, views);
    return `${name} looks at ${views.length} contested fields`;
  }

  /** One of them decides a field: as seen earlier where there was a look, else as it is. */
  decide(desk: Desk, random: Random): string {
    const name = random.pick(names);
    const earlier = this.views.get(`${desk.folder} ${name}`) ?? [];
    const views = earlier.length > 0 ? earlier : openFields(desk.workspace.db);
    if (views.length === 0) return 'nothing waits for a steward';
    return this.choose(desk, random.pick(views), name, random);
  }

  decideAll(desk: Desk, random: Random): void {
    const { db } = desk.workspace;
    for (const view of openFields(db)) this.choose(desk, view, names[0], random);
    const open = db.prepare<[], { id: number; body: string }>("SELECT id, body FROM conflict WHERE kind = 'presence' AND state = 'open'");
    for (const { id, body } of open.all()) {
      const choice = { keep: random.chance(0.5), by: names[1] };
      db.transaction(() => decisionTable(db).choosePresence(id, JSON.parse(body) as PresenceHold, choice, this.now()))();
    }
  }

  /** The desk has another database now. */
  forget(desk: Desk): void {
    for (const name of names) this.views.delete(`${desk.folder} ${name}`);
    this.checkedTo.set(desk, lastHistory(desk.workspace.db));
  }

  /** What a decision overwrote since the last check is what somebody saw when deciding. */
  checkDecisions(desk: Desk): void {
    const { db } = desk.workspace;
    const rows = db.prepare<[number], { id: number; record: number; field: string; value: string; decision: string }>(
      "SELECT id, record, field, from_value AS value, decision FROM history WHERE id > ? AND kind = 'overwritten' ORDER BY id",
    );
    for (const { record, field, value, decision } of rows.all(this.checkedTo.get(desk) ?? 0)) {
      if ((JSON.parse(decision) as { kind: string }).kind !== 'person') continue;
      if (this.decided.get(`${record} ${field}`)?.has(value)) continue;
      throw new LawBroken('decided-as-seen', `${field} ${value} was overwritten by a decision of somebody who never saw it`);
    }
    this.checkedTo.set(desk, lastHistory(db));
  }

  private choose(desk: Desk, view: View, by: string, random: Random): string {
    const { db } = desk.workspace;
    const candidates = JSON.parse(view.candidates) as Record<string, Candidate>;
    const base = view.base === null ? undefined : (JSON.parse(view.base) as Value);
    const own = random.chance(0.12);
    const taken = own ? undefined : random.pick([...Object.keys(candidates), ...(base === undefined ? [] : ['base'])]);
    const value = taken === undefined ? this.people.fresh(view.field, random) : taken === 'base' ? base : candidates[taken]?.value;
    if (own) this.ledger.noteChosen(view.field, value ?? null);
    const seen: Values = Object.fromEntries(Object.entries(candidates).map(([name, one]) => [name, one.value]));
    const choice: FieldChoice = { value: value ?? null, by, seen, ...(taken === undefined ? {} : { taken }) };
    const known = this.decided.get(`${view.record} ${view.field}`) ?? new Set();
    for (const one of Object.values(seen)) known.add(JSON.stringify(one));
    if (base !== undefined) known.add(JSON.stringify(base)); // shown beside the candidates
    this.decided.set(`${view.record} ${view.field}`, known);
    db.transaction(() => decisionTable(db).choose(view.conflict, view.field, choice, this.now()))();
    return `${by} decides ${view.field} of ${Object.keys(candidates).join(', ')}: ${JSON.stringify(choice.value)}`;
  }
}

function openFields(db: Db): View[] {
  const open = db.prepare<[], View>(
    `SELECT f.conflict, c.record, f.field, f.base, f.candidates FROM conflict_field f JOIN conflict c ON c.id = f.conflict
     WHERE f.state = 'open' AND c.state <> 'closed' ORDER BY f.conflict, f.field`,
  );
  return open.all();
}

function lastHistory(db: Db): number {
  return db.prepare<[], number>('SELECT coalesce(max(id), 0) FROM history').pluck().get() ?? 0;
}
