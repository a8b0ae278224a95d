// Makes connector errors: one recovery for each code, so that the same trouble is handled the same way everywhere.
import type { ConnectorErrorCode, ErrorFacts, Recovery } from '../contract.ts';
import { ConnectorError } from '../contract.ts';
import { nearestNames } from './nearest.ts';

const recoveryOf: Readonly<Record<ConnectorErrorCode, Recovery>> = {
  'not-found': 'stop-connection',
  empty: 'stop-connection',
  'no-access': 'stop-connection',
  locked: 'retry',
  unreadable: 'stop-connection',
  'schema-changed': 'ask-user',
  'invalid-config': 'ask-user',
  unsupported: 'ask-user',
  'disk-full': 'stop-connection',
  constraint: 'skip-record',
  unavailable: 'retry',
  throttled: 'retry',
  'logged-out': 'stop-connection',
  'too-large': 'skip-record',
  cancelled: 'stop-run',
};

/** A connector error with the recovery that belongs to its code. */
export function connectorError(
  code: ConnectorErrorCode,
  message: string,
  remedy: string,
  cause?: unknown,
  facts: Omit<ErrorFacts, 'cause'> = {},
): ConnectorError {
  return new ConnectorError(code, recoveryOf[code], message, remedy, { ...facts, ...(cause === undefined ? {} : { cause }) });
}

/** Throws `cancelled` once the signal was given. */
export function throwIfCancelled(signal: AbortSignal, what: string): void {
  if (signal.aborted) throw connectorError('cancelled', `${what} was cancelled.`, 'Start it again when you are ready.', signal.reason);
}

/** Throws `schema-changed` when a wanted column is not there, naming the nearest that are. */
export function requireColumns(where: string, present: readonly string[], wanted: readonly string[]): void {
  const known = new Set(present);
  const missing = [...new Set(wanted)].filter((name) => !known.has(name));
  if (missing.length === 0) return;
  const named = missing.map((name) => {
    const near = nearestNames(name, present);
    return near.length === 0 ? `"${name}"` : `"${name}" (nearest: ${near.map((each) => `"${each}"`).join(', ')})`;
  });
  throw connectorError(
    'schema-changed',
    `${where} has no column ${named.join(', ')}. Columns there: ${present.map((name) => `"${name}"`).join(', ')}.`,
    'Name the column as it is called now in the sync, or put the old name back.',
  );
}

/** Throws `invalid-config` when a dataset is used without key columns. */
export function requireKey(where: string, key: readonly string[]): void {
  if (key.length > 0) return;
  throw connectorError('invalid-config', `The sync names no key column for ${where}.`, 'Name the columns that identify a row under "key".');
}
