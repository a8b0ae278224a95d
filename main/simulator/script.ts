// A history as a list of explicit steps: each carries its own dice, so that leaving one out changes no other.
import { KantoError } from '../core/model/error.ts';
import { isFault } from './faults.ts';
import type { Fault } from './faults.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';

const acts = ['insert', 'edit', 'remove', 'look', 'decide', 'run', 'rename', 'clock', 'keep', 'restore', 'clone', 'order', 'undo'] as const;

/** `order`: makes the plan once more with the endpoints in another order. `keep`: copies the workspace, for `restore`. `undo`: a run as well. */
export type Act = (typeof acts)[number];

export interface ScriptStep {
  readonly act: Act;
  readonly dice: number;
  /** Faults that may strike in a run or an undo. */
  readonly faults: readonly Fault[];
}

export interface Script {
  /** Decides what is not a step: clocks, and whether stewards decide in the end. */
  readonly seed: number;
  readonly steps: readonly ScriptStep[];
}

const mostDice = 1_000_000;
/** One run in so many of those that anything hangs over also has trouble with logs; by its own dice, so that all else is as it was before there were any. */
const logDice = 3;

/** The history of a seed under these faults. */
export function writeScript(seed: number, faults: readonly Fault[]): Script {
  const random = createRandom(seed);
  const steps: ScriptStep[] = [];
  const add = (act: Act, struck: readonly Fault[] = []) => {
    const dice = random.int(mostDice);
    steps.push({
      act,
      dice,
      faults: struck.length > 0 && faults.includes('lost-logs') && dice % logDice === 0 ? [...struck, 'lost-logs'] : struck,
    });
  };
  if (random.chance(0.4)) {
    for (let left = 1 + random.int(3); left > 0; left -= 1) add('insert');
    add('run');
  }
  const copiedAt = faults.includes('restored-state') && random.chance(0.35) ? random.int(8) : -1;
  for (let left = 10 + random.int(12), at = 0; left > 0; left -= 1, at += 1) {
    if (at === copiedAt) add('keep');
    const other = random.chance(0.12) ? random.pick(othersOf(faults)) : undefined;
    if (other !== undefined) add(other, other === 'undo' ? struckOf(random, faults) : []);
    else if (random.chance(0.6)) add(deed(random, faults.includes('stewards')));
    else add('run', struckOf(random, faults));
  }
  return { seed, steps };
}

/** Faults that hang over a run. */
function struckOf(random: Random, faults: readonly Fault[]): readonly Fault[] {
  return random.chance(0.8) ? faults.filter((fault) => isOfRun(fault) && random.chance(likely(fault))) : [];
}

function othersOf(faults: readonly Fault[]): readonly Act[] {
  return [
    'order',
    ...(faults.includes('renamed-columns') ? (['rename', 'rename'] as const) : []),
    ...(faults.includes('undo') ? (['undo', 'undo'] as const) : []),
    ...(faults.includes('skew') ? (['clock'] as const) : []),
    ...(faults.includes('restored-state') ? (['keep', 'restore'] as const) : []),
    ...(faults.includes('cloned-workspace') ? (['clone'] as const) : []),
  ];
}

const besideRuns: ReadonlySet<Fault> = new Set([
  'renamed-columns',
  'skew',
  'restored-state',
  'cloned-workspace',
  'stewards',
  'undo',
  'lost-logs',
]);

function isOfRun(fault: Fault): boolean {
  return !besideRuns.has(fault);
}

/** How likely a fault that is asked for hangs over a run; whether it strikes is another matter. */
function likely(fault: Fault): number {
  return fault === 'storms' ? 0.15 : 0.35;
}

function deed(random: Random, hasStewards: boolean): Act {
  const dice = random.int(10);
  if (dice < 3) return 'insert';
  if (dice < 8) return hasStewards && random.chance(0.15) ? 'look' : 'edit';
  return dice < 9 ? 'remove' : 'decide';
}

/** `edit 123`, `run 44 crash storms`: a step as people paste it into a test. */
export function stepText({ act, dice, faults }: ScriptStep): string {
  return [act, dice, ...faults].join(' ');
}

export function parseStep(text: string): ScriptStep {
  const [act, dice, ...faults] = text.split(' ');
  const known = acts.find((one) => one === act);
  if (known !== undefined && /^\d+$/.test(dice ?? '') && faults.every(isFault)) return { act: known, dice: Number(dice), faults };
  throw new KantoError(
    'invalid-input',
    `${text} is no step of a history.`,
    'Write a step such as "edit 123" or "run 44 crash".',
    'ask-user',
  );
}
