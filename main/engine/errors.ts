// Turns whatever was thrown into the one form in which an error is stored, crosses a boundary or reaches a person.
import { ConnectorError } from '../../connectors/contract.ts';
import type { Problem } from '../../preload/contract/errors.ts';
import { ConfigError, describeIssue } from '../config/load.ts';
import { KantoError } from '../core/model/error.ts';

/** Every error has a code and a recovery; what we did not foresee is `internal` and keeps its technical text apart. */
export function toProblem(error: unknown): Problem {
  if (error instanceof KantoError || error instanceof ConnectorError) {
    const detail = detailOf(error);
    return {
      code: error.code,
      message: error.message,
      remedy: error.remedy,
      recovery: error.recovery,
      ...(detail === undefined ? {} : { detail }),
    };
  }
  const code = systemCode(error);
  if (isFullDisk(error)) {
    return {
      code: 'disk-full',
      message: 'There is no room left on the disk.',
      remedy: 'Free some space and run again. Nothing was lost.',
      recovery: 'stop-run',
      detail: code,
    };
  }
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return {
      code: 'workspace-damaged',
      message: 'A part of the workspace database cannot be read: it was damaged on the disk.',
      remedy: 'Close KantoSynchro and copy the newest file of the backups folder to state.db; nothing at the places is touched until then.',
      recovery: 'stop-run',
      detail: code,
    };
  }
  return {
    code: 'internal',
    message: error instanceof Error ? error.message : String(error),
    remedy: 'Run again. If it stays, report it with the technical text.',
    recovery: 'stop-run',
    ...(error instanceof Error && error.stack !== undefined ? { detail: error.stack } : {}),
  };
}

/** Our own files found no room; a connector has an error of its own for those of a place. */
export function isFullDisk(error: unknown): boolean {
  return ['SQLITE_FULL', 'ENOSPC', 'SQLITE_IOERR_WRITE'].includes(systemCode(error));
}

/** The same, with the folder whose disk is full. */
export function fullDisk(folder: string, cause: unknown): KantoError {
  return new KantoError(
    'disk-full',
    `There is no room left on the disk that holds the workspace (${folder}).`,
    'Free some space there and run again: it goes on where it stopped. Nothing was lost.',
    'stop-run',
    { cause },
  );
}

function systemCode(error: unknown): string {
  return error instanceof Error && !(error instanceof KantoError) && 'code' in error ? String(error.code) : '';
}

function detailOf(error: KantoError | ConnectorError): string | undefined {
  if (error instanceof ConfigError) return error.issues.map(describeIssue).join('\n');
  return error.cause instanceof Error ? error.cause.message : undefined;
}
