// Exit codes of `kanto`: the one table that scripts rely on.
import type { ConnectorErrorCode } from '../../connectors/contract.ts';
import type { KantoErrorCode } from '../core/model/error.ts';
import type { RunStatus } from '../../preload/contract/values.ts';

export const exitCodes = {
  complete: 0,
  failed: 1,
  /** Wrong use or invalid configuration. */
  wrongUse: 2,
  /** Done, but this run left something new for a person. */
  attention: 3,
  /** Refused before the first write. */
  refused: 4,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const byError: Readonly<Record<KantoErrorCode | ConnectorErrorCode, ExitCode>> = {
  'workspace-missing': exitCodes.wrongUse,
  'workspace-exists': exitCodes.wrongUse,
  'workspace-in-use': exitCodes.refused,
  'workspace-newer': exitCodes.refused,
  'workspace-damaged': exitCodes.refused,
  'wrong-key': exitCodes.wrongUse,
  'key-needed': exitCodes.wrongUse,
  'config-invalid': exitCodes.wrongUse,
  'export-failed': exitCodes.failed,
  'unknown-revision': exitCodes.wrongUse,
  'unknown-sync': exitCodes.wrongUse,
  'unknown-run': exitCodes.wrongUse,
  'unknown-plan': exitCodes.wrongUse,
  'unknown-conflict': exitCodes.wrongUse,
  'unknown-dead-letter': exitCodes.wrongUse,
  'unknown-connection': exitCodes.wrongUse,
  'invalid-input': exitCodes.wrongUse,
  'unknown-call': exitCodes.wrongUse,
  'not-now': exitCodes.refused,
  moved: exitCodes.refused,
  'no-baseline': exitCodes.refused,
  'key-not-unique': exitCodes.refused,
  'sentinel-missing': exitCodes.refused,
  'plan-mismatch': exitCodes.refused,
  cancelled: exitCodes.failed,
  'canary-paused': exitCodes.attention,
  'disk-full': exitCodes.failed,
  'decisions-lost': exitCodes.failed,
  'engine-restarted': exitCodes.failed,
  internal: exitCodes.failed,
  'not-found': exitCodes.refused,
  empty: exitCodes.refused,
  'no-access': exitCodes.refused,
  locked: exitCodes.refused,
  unreadable: exitCodes.refused,
  'schema-changed': exitCodes.refused,
  'invalid-config': exitCodes.wrongUse,
  unsupported: exitCodes.wrongUse,
  constraint: exitCodes.failed,
  unavailable: exitCodes.refused,
  throttled: exitCodes.refused,
  'logged-out': exitCodes.refused,
  'too-large': exitCodes.failed,
};

/** The exit code of an error that kept a command from doing anything. */
export function exitOfError(code: string): ExitCode {
  return Object.hasOwn(byError, code) ? byError[code as keyof typeof byError] : exitCodes.failed;
}

export interface RunOutcome {
  readonly status: RunStatus;
  /** Rows that were written. */
  readonly written: number;
  readonly conflictsOpened: number;
  /** Of the problem that ended the run, where one did. */
  readonly problem?: string;
}

/** The exit code of a run that ended. What waits from earlier runs changes nothing. */
export function exitOfRun(outcome: RunOutcome): ExitCode {
  switch (outcome.status) {
    case 'complete':
      return outcome.conflictsOpened > 0 ? exitCodes.attention : exitCodes.complete;
    case 'partial':
      return exitCodes.attention;
    case 'withheld':
      return outcome.written > 0 || outcome.conflictsOpened > 0 ? exitCodes.attention : exitCodes.refused;
    case 'failed': {
      const code = outcome.problem === undefined ? exitCodes.failed : exitOfError(outcome.problem);
      // After the first write nothing was "refused" any more.
      return outcome.written > 0 ? exitCodes.failed : code;
    }
    case 'cancelled':
    case 'reading':
    case 'planned':
    case 'writing':
      return exitCodes.failed;
  }
}
