// What goes wrong during one run: decides for each call which fault strikes, from the dice of its step.
import type { NativeSet } from '../../connectors/contract.ts';
import type { Faults, LogFault, PageCall, ReadFault, WriteFault } from '../../connectors/memory/faults.ts';
import { keyId } from '../../connectors/shared/keys.ts';
import type { Step } from '../engine/running-task.ts';
import type { Fault } from './faults.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

export interface Weather {
  readonly places: Faults;
  step(step: Step): void;
}

/** Nothing goes wrong; what is called is noted all the same. */
export function calmWeather(world: World): Weather {
  return createWeather(world, [], 0);
}

export function createWeather(world: World, faults: readonly Fault[], dice: number): Weather {
  const random = createRandom(dice);
  const crash = faults.includes('crash') ? 1 + random.int(24) : 0;
  refuseRows(world, faults.includes('refused-rows') ? random : undefined);
  const storm = faults.includes('storms') ? createStorm(world, random) : () => false;
  let moments = 0;
  const strikes = (fault: Fault, probability: number) => {
    const isStruck = faults.includes(fault) && random.chance(probability);
    if (isStruck) world.strike(fault);
    return isStruck;
  };
  const moment = () => {
    moments += 1;
    if (moments !== crash) return;
    world.strike('crash');
    world.forgetSnapshots();
    world.running().die();
  };
  const edit = (probability: number) => {
    if (strikes('edits', probability)) world.say(world.people.act(random));
  };
  const stale = ({ store, index, isPartial }: PageCall): readonly NativeSet[] | undefined => {
    const earlier = world.snapshots(store);
    if (isPartial || isReadByChange(world, store) || earlier.length === 0 || !strikes('stale-pages', 0.2)) return undefined;
    const { rowsPerPage } = world.subject;
    return random.pick(earlier).slice(index * rowsPerPage, (index + 1) * rowsPerPage);
  };
  return {
    places: {
      refuses({ store, asked }) {
        const isRefused = storm(store);
        world.called(store, asked, isRefused);
        return isRefused;
      },
      onRead: ({ store }) => {
        moment();
        return readFault(world, store, random, strikes);
      },
      onPage(call) {
        moment();
        edit(0.12);
        const rows = stale(call);
        world.listed(call, rows ?? asTheyAre(world, call));
        return rows;
      },
      onLog({ store, what }) {
        moment();
        edit(0.12);
        const fault = strikes('lost-logs', 0.3) ? random.pick(logFaults) : undefined;
        world.trace.note('log', store, what, fault);
        return fault;
      },
      onLogRead({ store }) {
        world.listed({ store, dataset: '', index: 0, rows: [], isPartial: false }, world.places.named(store).rows);
      },
      onWrite({ store, operations }) {
        moment();
        world.journal.watch(store, operations);
        edit(0.15);
        const fault = writeFault(world, store, random, strikes);
        world.trace.note(
          'write',
          store,
          fault,
          operations.map(({ id, kind, key, set }) => [id, kind, key, set]),
        );
        return fault;
      },
      onWritten({ store }) {
        world.written(store);
        moment();
      },
    },
    step(step) {
      world.trace.note('step', step);
      world.clock.tick(1000);
      if (step === 'plan-stored' || step === 'run-writing' || step === 'outcomes-committed') edit(0.25);
      moment();
    },
  };
}

const logFaults: readonly LogFault[] = ['break', 'purged', 'dropped', 'repeated'];

/** Where only changes are read, a listing that is old in one part and new in another would hide rows for good. */
function isReadByChange(world: World, store: string): boolean {
  const { changes } = world.places.named(store).config;
  return changes === 'cursor' || changes === 'log';
}

/** Makes one place refuse a part of the rows; without dice, no place refuses any. */
function refuseRows(world: World, random: Random | undefined): void {
  for (const { table } of world.places.all) table.refuses = undefined;
  if (random === undefined) return;
  const place = random.pick(world.places.all);
  const part = random.int(3);
  place.table.refuses = (row) => {
    const key = place.matchKey(row);
    if (key === null || sum(key) % 3 !== part) return undefined;
    world.strike('refused-rows');
    return 'the row breaks a rule of the place';
  };
}

function sum(text: string): number {
  return [...text].reduce((total, letter) => total + letter.charCodeAt(0), 0);
}

/** Refuses calls to one place, from some call on, for a while. */
function createStorm(world: World, random: Random): (store: string) => boolean {
  const { name } = random.pick(world.places.all);
  const begin = random.int(6);
  const end = begin + 3 + random.int(10);
  let calls = 0;
  return (store) => {
    if (store !== name) return false;
    calls += 1;
    const isRefused = calls > begin && calls <= end;
    if (isRefused) world.strike('storms');
    return isRefused;
  };
}

type Strikes = (fault: Fault, probability: number) => boolean;

function readFault(world: World, store: string, random: Random, strikes: Strikes): readonly ReadFault[] {
  if (strikes('refusals', 0.12)) return [random.pick(['locked', 'break'] as const)];
  if (strikes('partial-pages', 0.3)) return [random.pick(['incomplete', 'no-end', 'break'] as const)];
  if (!strikes('repeated-pages', 0.4)) return [];
  const mayRepeat = world.places.named(store).facts.capabilities.repeats === true;
  return [mayRepeat ? random.pick(['duplicate-pages', 'reorder-pages'] as const) : 'reorder-pages'];
}

function writeFault(world: World, store: string, random: Random, strikes: Strikes): WriteFault | undefined {
  const isAtomic = world.places.named(store).facts.capabilities.atomicity === 'atomic';
  if (strikes('refusals', 0.2)) return random.pick(['fail', 'locked', 'moved'] as const);
  const fault = strikes('lost-answers', 0.35)
    ? random.pick(['lose-answer', 'half-answer'] as const)
    : !isAtomic && strikes('partial-batches', 0.35)
      ? 'partial'
      : undefined;
  if (fault !== undefined) world.doubt(store);
  return fault;
}

/** The rows of the page, which somebody may just have changed. */
function asTheyAre(world: World, { store, rows }: PageCall): readonly NativeSet[] {
  const place = world.places.named(store);
  const ids = new Set(rows.map((row) => keyId(place.key(row))));
  return place.rows.filter((row) => ids.has(keyId(place.key(row))));
}
