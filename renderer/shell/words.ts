// The words, icons and colours of what the engine says: run statuses, kinds of writes, phases.
import type { IconName } from '../ui/icon.tsx';
import type { Tone } from '../ui/status.tsx';
import type { Need, ScheduleView } from '../../preload/contract/workspace.ts';
import type { ItemKind, PlanItem, Progress } from '../../preload/contract/runs.ts';
import type { RunStatus } from '../../preload/contract/values.ts';

export interface Word {
  readonly word: string;
  readonly icon: IconName;
  readonly tone: Tone;
}

export const runWord: Readonly<Record<RunStatus, Word>> = {
  reading: { word: 'Running', icon: 'running', tone: 'idle' },
  planned: { word: 'Planned', icon: 'undecided', tone: 'idle' },
  writing: { word: 'Running', icon: 'running', tone: 'idle' },
  complete: { word: 'Complete', icon: 'ok', tone: 'insync' },
  partial: { word: 'Partial', icon: 'warn', tone: 'held' },
  withheld: { word: 'Withheld', icon: 'held', tone: 'held' },
  failed: { word: 'Failed', icon: 'failed', tone: 'failed' },
  cancelled: { word: 'Cancelled', icon: 'cancelled', tone: 'idle' },
};

/** What is known of a run that tells its word. */
export interface RunState {
  readonly status: RunStatus;
  readonly problem?: unknown;
}

/** A run that something stopped in the middle goes on with the next one. */
export function runWordOf(run: RunState): Word {
  return isInterrupted(run) ? { word: 'Interrupted', icon: 'warn', tone: 'failed' } : runWord[run.status];
}

/** A run that still moves. */
export function isMoving(run: RunState): boolean {
  return isUnfinished(run) && !isInterrupted(run);
}

function isInterrupted(run: RunState): boolean {
  return run.problem !== undefined && isUnfinished(run);
}

function isUnfinished({ status }: RunState): boolean {
  return status === 'reading' || status === 'writing' || status === 'planned';
}

/** What is planned. */
export const kindWord: Readonly<Record<ItemKind, Word>> = {
  create: { word: 'Create', icon: 'create', tone: 'create' },
  update: { word: 'Update', icon: 'update', tone: 'update' },
  delete: { word: 'Delete', icon: 'delete', tone: 'delete' },
  conflict: { word: 'Conflict', icon: 'conflict', tone: 'conflict' },
  withheld: { word: 'Withheld', icon: 'held', tone: 'held' },
  skip: { word: 'Skipped', icon: 'skip', tone: 'idle' },
};

const done: Readonly<Record<'create' | 'update' | 'delete', string>> = { create: 'Created', update: 'Updated', delete: 'Deleted' };

/** What became of an item of a run: past tense once done. */
export function itemWord(item: Pick<PlanItem, 'kind' | 'state'>): Word {
  const planned = kindWord[item.kind];
  switch (item.state) {
    case 'done':
      return item.kind === 'create' || item.kind === 'update' || item.kind === 'delete' ? { ...planned, word: done[item.kind] } : planned;
    case 'moved':
      return { word: 'Planned again', icon: 'skip', tone: 'idle' };
    case 'failed':
      return { word: 'Failed', icon: 'failed', tone: 'failed' };
    case 'withheld':
      return kindWord.withheld;
    case 'skipped':
      return kindWord.skip;
    case 'planned':
      return planned;
  }
}

export const phaseWord: Readonly<Record<Progress['phase'], { readonly word: string; readonly doing: string }>> = {
  read: { word: 'Read', doing: 'Reading' },
  match: { word: 'Match', doing: 'Matching' },
  merge: { word: 'Merge', doing: 'Merging' },
  plan: { word: 'Plan', doing: 'Planning' },
  write: { word: 'Write', doing: 'Writing' },
  verify: { word: 'Verify', doing: 'Verifying' },
};

export const needWord: Readonly<Record<Need['kind'], Word & { readonly verb: string }>> = {
  failed: { word: 'Failed', icon: 'failed', tone: 'failed', verb: 'Open run' },
  connection: { word: 'Connection', icon: 'plug', tone: 'held', verb: 'Look' },
  withheld: { word: 'Withheld', icon: 'held', tone: 'held', verb: 'Look at run' },
  conflicts: { word: 'Conflicts', icon: 'conflict', tone: 'conflict', verb: 'Review' },
  deadLetters: { word: 'Dead letters', icon: 'letter', tone: 'failed', verb: 'Mend' },
  drift: { word: 'Drift', icon: 'warn', tone: 'held', verb: 'Answer' },
  differences: { word: 'Differences', icon: 'warn', tone: 'held', verb: 'Look' },
  skipped: { word: 'Skipped', icon: 'skip', tone: 'idle', verb: 'Open' },
  partial: { word: 'Partial', icon: 'warn', tone: 'held', verb: 'Open run' },
};

/** How a schedule stands. */
export function scheduleState({ paused, late }: Pick<ScheduleView, 'paused' | 'late'>): Word {
  if (paused) return { word: 'Paused', icon: 'pause', tone: 'idle' };
  return late ? { word: 'Late', icon: 'clock', tone: 'held' } : { word: 'On time', icon: 'check', tone: 'insync' };
}

/** The icon of a kind of place. */
export function connectorIcon(connector: string): IconName {
  switch (connector) {
    case 'csv':
    case 'jsonl':
    case 'sftp':
    case 'webdav':
    case 's3':
      return 'file';
    case 'excel':
      return 'sheet';
    default:
      return 'database';
  }
}
