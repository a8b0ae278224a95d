// The application's own error: what happened, what to do next, and how the machine goes on.
import type { Recovery } from '../../../connectors/native.ts';

/** Codes are stable; tests, exit codes and screens depend on them. Listed with their meaning in main/engine/README.md. */
export type KantoErrorCode =
  | 'workspace-missing'
  | 'workspace-exists'
  | 'workspace-in-use'
  | 'workspace-newer'
  | 'workspace-damaged'
  | 'wrong-key'
  | 'key-needed'
  | 'config-invalid'
  | 'export-failed'
  | 'unknown-revision'
  | 'unknown-sync'
  | 'unknown-run'
  | 'unknown-plan'
  | 'unknown-conflict'
  | 'unknown-dead-letter'
  | 'unknown-connection'
  | 'invalid-input'
  | 'unknown-call'
  | 'not-now'
  | 'moved'
  | 'no-baseline'
  | 'key-not-unique'
  | 'sentinel-missing'
  | 'plan-mismatch'
  | 'cancelled'
  | 'canary-paused'
  | 'disk-full'
  | 'decisions-lost'
  | 'engine-restarted'
  | 'internal';

/** Never carries a secret. `message` says what happened and to what; `remedy` what the person can do. */
export class KantoError extends Error {
  override readonly name = 'KantoError';
  readonly code: KantoErrorCode;
  readonly recovery: Recovery;
  readonly remedy: string;

  constructor(code: KantoErrorCode, message: string, remedy: string, recovery: Recovery = 'stop-run', options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.recovery = recovery;
    this.remedy = remedy;
  }
}
