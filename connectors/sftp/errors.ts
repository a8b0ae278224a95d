// Translates what SSH, SFTP and the way to the server say into connector errors, once, at this edge.
import { ConnectorError } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import { systemCode, translate as translateLocal } from '../shared/file-errors.ts';

/** Status codes of SFTP (draft-ietf-secsh-filexfer-02, section 7) as far as they differ here. */
export const status = { noSuchFile: 2, denied: 3, failure: 4, noConnection: 6, connectionLost: 7, unsupported: 8 } as const;

/** The status of a refused request. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;
}

/** Any error of the driver as a connector error; local ones of the copy as such. */
export function translate(error: unknown, address: string): unknown {
  if (error instanceof ConnectorError) return error;
  const words = error instanceof Error ? error.message : String(error);
  switch (statusOf(error)) {
    case status.noSuchFile:
      return connectorError('not-found', `There is no file ${address}.`, 'Check the path of the connection, or put the file back.', error);
    case status.denied:
      return connectorError(
        'no-access',
        `${address} may not be used by this user.`,
        'Give the user the right to the file and its folder.',
        error,
      );
    case status.failure:
    case status.noConnection:
    case status.connectionLost:
      return connectorError('unavailable', `The server of ${address} could not do what was asked: ${words}.`, 'Run again.', error);
    case undefined:
      break;
    default:
      return connectorError('unsupported', `The server of ${address} cannot do what was asked: ${words}.`, 'Ask whoever runs it.', error);
  }
  const level = error instanceof Error && 'level' in error ? error.level : undefined;
  if (level === 'client-authentication') {
    return connectorError(
      'logged-out',
      `The server of ${address} refused to sign in.`,
      'Check the user, the password and the key of the connection.',
      error,
    );
  }
  const isWay =
    level !== undefined ||
    ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EPIPE', 'ETIMEDOUT'].includes(
      systemCode(error) ?? '',
    );
  if (isWay || /not connected|no response|connection lost|channel/i.test(words)) {
    return connectorError(
      'unavailable',
      `The server of ${address} cannot be reached: ${words}.`,
      'Check the host, the port and the network, then run again.',
      error,
    );
  }
  return translateLocal(error, 'the local copy', 'writing');
}
