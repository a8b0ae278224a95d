// Lives one history: people edit, runs come and die, connections break; then everything calms down and the laws must hold.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Desk } from './desk.ts';
import type { Fault } from './faults.ts';
import { KantoError } from '../core/model/error.ts';
import { undoableRun } from '../engine/undo-plan.ts';
import type { Db } from '../store/open.ts';
import type { RunOptions } from '../store/tables/run-state.ts';
import { LawBroken } from './law.ts';
import type { Law } from './law.ts';
import { checkNothingLeft, checkNothingUnseen, checkOrder, everything, isAtRest } from './laws.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';
import { stepText } from './script.ts';
import type { Script, ScriptStep } from './script.ts';
import type { Subject } from './subject.ts';
import { calmWeather, createWeather } from './weather.ts';
import { World } from './world.ts';
import type { Calls } from './world.ts';

/** What a history did, so that a report can tell it and a test can see that it did something. */
export interface Lived {
  readonly seed: number;
  readonly runs: number;
  /** Runs after the last edit and the last fault until nothing was left to do. */
  readonly runsToCalm: number;
  readonly crashes: number;
  readonly writes: number;
  readonly conflicts: ConflictTally;
  readonly calls: ReadonlyMap<string, Calls>;
  readonly struck: ReadonlyMap<Fault, number>;
  /** The hash over everything that happened. */
  readonly trace: string;
  /** Each step as it can be repeated, and what happened in it. */
  readonly said: readonly { readonly step: string; readonly happened: string }[];
  readonly broken?: { readonly law: Law; readonly message: string };
}

/** Contested fields: how they were opened and decided, and how many values rules settled. */
export interface ConflictTally {
  readonly opened: number;
  readonly byPerson: number;
  readonly byAgreement: number;
  readonly byRule: number;
  readonly open: number;
}

const oneDay = 86_400_000;

/** Runs after the last edit and the last fault within which nothing may be left to do. */
const roundsToCalm = 10;

interface Tally {
  runs: number;
  runsToCalm: number;
  crashes: number;
  said: { step: string; happened: string }[];
}

/** Lives the history in a temporary folder under `parent`. A broken law is part of the answer, not thrown. */
export async function liveHistory(subject: Subject, script: Script, parent?: string): Promise<Lived> {
  const world = new World(subject, parent);
  const tally: Tally = { runs: 0, runsToCalm: 0, crashes: 0, said: [] };
  try {
    const broken = await brokenBy(async () => {
      const random = createRandom(script.seed);
      setClocks(world, script, random);
      for (const step of script.steps) {
        world.takeSnapshots();
        tally.said.push({ step: stepText(step), happened: '' });
        await take(world, step, tally);
        tell(world, tally);
        await nextTurn();
      }
      await calm(world, random, tally);
    });
    tell(world, tally);
    return lived(world, script.seed, tally, broken);
  } finally {
    await world.close();
  }
}

async function brokenBy(work: () => Promise<void>): Promise<Lived['broken']> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof LawBroken) return { law: error.law, message: error.message };
    return { law: 'sound', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function tell(world: World, tally: Tally): void {
  const last = tally.said.at(-1);
  const heard = world.heard();
  if (last && heard !== '') last.happened = last.happened === '' ? heard : `${last.happened}; ${heard}`;
}

/** Where clocks are wrong, each place's is so by its own amount. */
function setClocks(world: World, script: Script, random: Random): void {
  if (!script.steps.some((step) => step.act === 'clock')) return;
  for (const place of world.places.all) place.clockOffset = (random.int(20) - 10) * 60_000;
}

async function take(world: World, step: ScriptStep, tally: Tally): Promise<void> {
  const random = createRandom(step.dice);
  const desk = world.sitDown(random.int(world.desks.length));
  world.trace.note('take', step.act, step.dice, world.clock.now());
  switch (step.act) {
    case 'insert':
    case 'edit':
    case 'remove':
      world.say(world.people[step.act](random));
      return;
    case 'look':
    case 'decide':
      world.say(world.stewards[step.act](desk, random));
      world.strike('stewards');
      return;
    case 'rename': {
      const place = random.pick(world.places.all);
      const column = random.pick(Object.values(place.model.lenses)).column;
      world.say(world.rename(place.name, column) ? `${place.name}: ${column} is renamed` : `${place.name}: the column has its name again`);
      return;
    }
    case 'clock':
      world.clock.skew((random.int(48) - 24) * 3_600_000);
      world.strike('skew');
      world.say(`our clock shows ${new Date(world.clock.now()).toISOString()}`);
      return;
    case 'keep':
      world.keep();
      return;
    case 'restore':
      world.say((await world.restore()) ? 'the copy is put back' : 'there is no copy yet');
      return;
    case 'clone':
      world.say(world.clone() ? 'a copy of the workspace runs as well from now on' : 'there is a copy already');
      return;
    case 'order':
      if (isAtRest(desk) && (await canPlan(world, desk))) await checkOrder(world);
      return;
    case 'undo': {
      const undo = undoable(desk, random);
      if (undo === undefined) world.say('no run can be undone');
      else await run(world, desk, step, random, tally, { undo });
      return;
    }
    case 'run':
      await run(world, desk, step, random, tally);
  }
}

/** A renamed column lets no plan be made. */
async function canPlan(world: World, { workspace }: Desk): Promise<boolean> {
  try {
    await workspace.makePlan(world.subject.sync, { full: true });
    return true;
  } catch (error) {
    world.say(`no plan: ${String(error)}`);
    return false;
  }
}

/** One of the last runs that wrote something, was not undone yet and is no undo. */
function undoable({ workspace: { db } }: Desk, random: Random): number | undefined {
  const runs = db.prepare<[], number>('SELECT id FROM run ORDER BY id DESC LIMIT 4').pluck().all();
  const able = runs.filter((one) => isUndoable(db, one));
  return able.length === 0 ? undefined : random.pick(able);
}

function isUndoable(db: Db, run: number): boolean {
  try {
    undoableRun(db, run);
    return true;
  } catch (error) {
    if (error instanceof KantoError && error.code === 'not-now') return false;
    throw error;
  }
}

async function run(
  world: World,
  desk: Desk,
  step: ScriptStep,
  random: Random,
  tally: Tally,
  undo: Pick<RunOptions, 'undo'> = {},
): Promise<void> {
  const approve = random.chance(0.2) ? { approve: { deletes: 1 + random.int(3) } } : {};
  const room = step.faults.includes('disk-full') ? random.int(3) : undefined;
  world.weather = createWeather(world, step.faults, step.dice);
  tally.runs += 1;
  if (undo.undo !== undefined) world.strike('undo');
  const end = await desk.run({ ...approve, full: random.chance(0.2), ...undo }, room);
  world.weather = calmWeather(world);
  if (end === 'died') tally.crashes += 1;
  if (end === 'full') {
    world.strike('disk-full');
    world.forgetSnapshots();
  }
  world.say(end === 'ended' ? lastRun(desk) : end === 'died' ? 'the process dies' : 'the disk is full');
  checkAfterRun(world, desk);
}

function checkAfterRun(world: World, desk: Desk): void {
  world.journal.check(desk);
  world.ledger.checkNothingLost(world.desks.map((one) => one.workspace.db));
  world.stewards.checkDecisions(desk);
  const { db } = desk.workspace;
  const ours = db.prepare<[], string>('SELECT problem FROM run WHERE problem LIKE \'%"code":"internal"%\'').pluck().get();
  if (ours !== undefined) throw new LawBroken('sound', ours);
  world.trace.note('state', everything(world));
}

/** Without the name of the temporary folder, which is another one each time. */
function lastRun({ folder, workspace: { db } }: Desk): string {
  const row = db.prepare<[], { status: string; problem: string | null }>('SELECT status, problem FROM run ORDER BY id DESC LIMIT 1').get();
  const message = row?.problem === null || row === undefined ? undefined : (JSON.parse(row.problem) as { message: string }).message;
  const problem = message === undefined ? '' : `: ${message.replaceAll(folder, 'its folder')}`;
  return `run ${row?.status ?? ''}${problem}`;
}

/** Edits and faults stop; a clone is one, and is never started again. */
async function calm(world: World, random: Random, tally: Tally): Promise<void> {
  tally.said.push({ step: 'calm', happened: '' });
  world.calmDown();
  const desk = world.sitDown(0);
  const decides = random.chance(0.6);
  const decide = () => {
    if (decides) world.stewards.decideAll(desk, random);
  };
  if (mayMissNothing(world)) {
    await settle(world, desk, tally, false, decide);
    await checkNothingUnseen(world, desk);
  }
  await settle(world, desk, tally, true, decide);
  await checkNothingLeft(world, desk);
  const before = everything(world);
  await desk.run({ full: true });
  if (everything(world) !== before) throw new LawBroken('stable-conflicts', 'a run without news changed something');
  world.ledger.checkNothingInvented();
}

/** Places are read by their changes: none of those may be missed. By the time of changes only where no clock and no workspace went back. */
function mayMissNothing(world: World): boolean {
  const isStraight = !(['skew', 'restored-state', 'cloned-workspace'] as const).some((fault) => world.struck.has(fault));
  const has = (changes: 'cursor' | 'log') => world.places.all.some((place) => place.config.changes === changes);
  return has('cursor') ? isStraight : has('log');
}

/** Runs until nothing changes any more. */
async function settle(world: World, desk: Desk, tally: Tally, full: boolean, decide: () => void): Promise<void> {
  for (let round = 1; ; round += 1) {
    if (round > roundsToCalm) throw new LawBroken('converges', `still changing after ${roundsToCalm} runs without news`);
    decide();
    world.clock.tick(oneDay); // what was refused is tried again
    const before = everything(world);
    tally.runs += 1;
    await desk.run({ full });
    world.say(lastRun(desk));
    checkAfterRun(world, desk);
    await nextTurn();
    if (everything(world) === before) return;
    tally.runsToCalm = round;
  }
}

function lived(world: World, seed: number, tally: Tally, broken: Lived['broken']): Lived {
  const { runs, runsToCalm, crashes, said } = tally;
  return {
    seed,
    runs,
    runsToCalm,
    crashes,
    said,
    writes: world.places.all.reduce((sum, { store }) => sum + store.journal.length, 0),
    conflicts: conflictsOf(world.running()),
    calls: world.calls,
    struck: world.struck,
    trace: world.trace.hash(),
    ...(broken === undefined ? {} : { broken }),
  };
}

function conflictsOf({ workspace: { db } }: Desk): ConflictTally {
  if (!db.open) return { opened: 0, byPerson: 0, byAgreement: 0, byRule: 0, open: 0 };
  const count = (sql: string) => Number(db.prepare(sql).pluck().get() ?? 0);
  return {
    opened: count('SELECT count(*) FROM conflict_field'),
    byPerson: count("SELECT count(*) FROM conflict_field WHERE state = 'closed' AND outcome ->> 'by' = 'person'"),
    byAgreement: count("SELECT count(*) FROM conflict_field WHERE state = 'closed' AND outcome ->> 'by' = 'agreement'"),
    byRule: count("SELECT coalesce(sum(count), 0) FROM run_settled WHERE by = 'policy'"),
    open: count("SELECT count(*) FROM conflict_field WHERE state <> 'closed'"),
  };
}
