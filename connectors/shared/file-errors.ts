// Translates what the file system says into connector errors, once, at this edge.
import { ConnectorError } from '../contract.ts';
import { connectorError } from './errors.ts';

/** The file system's code of an error, where it has one. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Any error of the file system as a connector error; others come back as they are. `replacing`: the old file was about to be replaced. */
export function translate(error: unknown, path: string, doing: 'reading' | 'writing' | 'replacing'): unknown {
  if (error instanceof ConnectorError) return error;
  switch (systemCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return connectorError('not-found', `There is no file ${path}.`, 'Check the path of the connection, or put the file back.', error);
    case 'EBUSY':
    case 'ETXTBSY':
      return lockedError(path, 'another program holds it', error);
    case 'EACCES':
    case 'EPERM':
      if (doing === 'replacing')
        return lockedError(path, 'the system does not let it be replaced, as when another program has it open', error);
      return connectorError(
        'no-access',
        `${path} may not be ${doing === 'reading' ? 'read' : 'written'}.`,
        'Give your user the right to it and to its folder.',
        error,
      );
    case 'EROFS':
      return connectorError(
        'no-access',
        `${path} is on a disk that cannot be written.`,
        'Move the file, or set "allow: []" for it.',
        error,
      );
    case 'EISDIR':
      return notAFileError(path, error);
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return connectorError(
        'disk-full',
        `There is no room left to write ${path}; it was not changed.`,
        'Free space on that disk and run again.',
        error,
      );
    case 'EIO':
    case 'ETIMEDOUT':
    case 'ESTALE':
      return connectorError('unavailable', `${path} could not be reached.`, 'Check the disk or the network folder and run again.', error);
    default:
      return error;
  }
}

export function notAFileError(path: string, cause?: unknown): ConnectorError {
  return connectorError('no-access', `${path} is not a file.`, 'Name a file, not a folder or device.', cause);
}

export function lockedError(path: string, why: string, cause?: unknown): ConnectorError {
  return connectorError(
    'locked',
    `${path} is locked: ${why}. Nothing was written.`,
    'Close the file in the other program, then run again.',
    cause,
  );
}
