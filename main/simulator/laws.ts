// What is asked of a world: the state that a run may change, whether anything is left to do, and whether order matters.
import type { SyncConfig } from '../config/schema.ts';
import { orderedJson } from '../engine/digest.ts';
import type { PlanDocument } from '../engine/plan-document.ts';
import type { Difference } from '../engine/verify.ts';
import { deadLetterTable } from '../store/tables/dead-letters.ts';
import { runStateTable } from '../store/tables/run-state.ts';
import type { Desk } from './desk.ts';
import { LawBroken } from './law.ts';
import { simulatedConfiguration } from './subject.ts';
import type { World } from './world.ts';

/** All that a run may change, but for its own diary. */
export function everything(world: World): string {
  const queries = [
    'SELECT id, hex(uuid) AS uuid, status, golden FROM record ORDER BY id',
    'SELECT endpoint, key, record, status, shadow FROM link ORDER BY endpoint, key',
    'SELECT id, state, body FROM conflict ORDER BY id',
    'SELECT * FROM conflict_field ORDER BY conflict, field',
    'SELECT id, record, field, kind FROM history ORDER BY id',
  ];
  const states = world.desks.map(({ workspace }) => queries.map((query) => workspace.db.prepare(query).all()));
  return JSON.stringify([states, world.places.all.map((place) => place.rows)], (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}

/** Law 1, once everything is calm. */
export async function checkNothingLeft(world: World, desk: Desk): Promise<void> {
  const { workspace } = desk;
  const unfinished = runStateTable(workspace.db).unfinished();
  if (unfinished.length > 0) throw new LawBroken('converges', `run ${unfinished[0]?.id} was never finished`);
  const letters = deadLetterTable(workspace.db).waiting(world.subject.sync);
  if (letters.length > 0)
    throw new LawBroken('converges', `${letters.length} dead letters still wait, although nothing is refused any more`);
  const plan = workspace.planDocument(await workspace.makePlan(world.subject.sync, { full: true }));
  if (plan.operations.length > 0) throw new LawBroken('converges', `still to do: ${JSON.stringify(plan.operations.slice(0, 3))}`);
  const { differences } = await workspace.verify(world.subject.sync);
  const unexplained = differences.filter((difference) => !waitsForApproval(world, desk, difference));
  if (unexplained.length > 0) throw new LawBroken('converges', `differs: ${JSON.stringify(unexplained.slice(0, 3))}`);
}

/** Law 1 for reads of what changed: no row that is there waits for a full read to be heard. */
export async function checkNothingUnseen(world: World, desk: Desk): Promise<void> {
  const { differences } = await desk.workspace.verify(world.subject.sync);
  const unseen = differences.filter(({ why }) => why === 'differs from the record' || why === 'not synced yet');
  const unexplained = unseen.filter((difference) => !waitsForApproval(world, desk, difference));
  if (unexplained.length > 0) throw new LawBroken('converges', `a change was missed: ${JSON.stringify(unexplained.slice(0, 3))}`);
}

/**
 * A record whose writes are past a limit waits for a person's approval, as does one that is missing where suddenly nothing is listed:
 * it is neither deleted nor made anew.
 */
function waitsForApproval(world: World, desk: Desk, { endpoint, key, record }: Difference): boolean {
  const { db } = desk.workspace;
  const linked = db.prepare('SELECT l.record FROM link l JOIN endpoint e ON e.id = l.endpoint WHERE e.name = ? AND l.key = ?');
  const identified = db.prepare("SELECT id FROM record WHERE uuid = unhex(replace(?, '-', ''))").pluck();
  const id = record === undefined ? linked.pluck().get(endpoint, JSON.stringify(key)) : identified.get(record);
  const missing = db.prepare("SELECT e.name FROM link l JOIN endpoint e ON e.id = l.endpoint WHERE l.record = ? AND l.status = 'absent'");
  const withheld = db.prepare("SELECT count(*) FROM item WHERE kind = 'withheld' AND record = ? AND plan = (SELECT max(id) FROM plan)");
  const emptied = (missing.pluck().all(id) as string[]).some((name) => world.places.named(name).rows.length === 0);
  return withheld.pluck().get(id) !== 0 || emptied;
}

/** Whether no run of the desk is under way or was interrupted. */
export function isAtRest(desk: Desk): boolean {
  return runStateTable(desk.workspace.db).unfinished().length === 0;
}

/** Law 5: a copy of the workspace whose endpoints stand in another order decides the same. */
export async function checkOrder(world: World): Promise<void> {
  const { subject } = world;
  const desk = world.running();
  const other = world.copy('other order');
  try {
    const turned = { ...subject, config: { ...subject.config, endpoints: reversed(subject.config.endpoints) } };
    other.publish(simulatedConfiguration(turned));
    const [mine, others] = [await decisionsOf(desk, subject.sync), await decisionsOf(other, subject.sync)];
    if (mine !== others) throw new LawBroken('order-free', `${mine} became ${others}`);
  } finally {
    await other.close();
  }
}

function reversed(endpoints: SyncConfig['endpoints']): SyncConfig['endpoints'] {
  return Object.fromEntries(Object.entries(endpoints).toReversed());
}

/** What a plan decides, without its numbers and words. An error decides nothing. */
async function decisionsOf({ workspace }: Desk, sync: string): Promise<string> {
  const plan = workspace.planDocument(await workspace.makePlan(sync, { full: true }));
  return JSON.stringify([...linesOf(plan)].sort());
}

function* linesOf(plan: PlanDocument): Generator<string> {
  for (const { endpoint, kind, key, before, after } of plan.operations) yield orderedJson(['write', endpoint, kind, key, before, after]);
  for (const { kind, fields } of plan.conflicts) yield orderedJson(['conflict', kind, fields]);
  for (const { endpoint, kind, key } of plan.withheld) yield orderedJson(['withheld', endpoint, kind, key]);
  for (const { endpoint, key, field } of plan.skipped) yield orderedJson(['skip', endpoint, key, field ?? null]);
}
