// Certificates of servers: those of a company's own authority, and what it means when one is not taken.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { ConnectorError } from '../contract.ts';
import { connectorError } from './errors.ts';

/** What a connection asks for. */
export const authorityField = z
  .string()
  .min(1)
  .optional()
  .meta({ format: 'path', description: 'File with the certificate of the authority that signed that of the server (PEM)' });

/** The certificates of the file that `ca` names, in PEM; undefined where it names none. Throws `invalid-config`. */
export async function readAuthority(ca: string | undefined, baseFolder: string): Promise<string | undefined> {
  if (ca === undefined) return undefined;
  const path = resolve(baseFolder, ca);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw connectorError('invalid-config', `The certificate file ${path} cannot be read.`, 'Check "ca" of the connection.', error);
  }
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw connectorError(
    'invalid-config',
    `${path} holds no certificate.`,
    'Name a file in PEM form: it begins with -----BEGIN CERTIFICATE-----.',
  );
}

const renew = 'Let whoever runs it renew the certificate, and check the clock of this computer. It is never skipped silently.';
const vouch = 'Check the address, or give the authority that signed it as "ca" of the connection. It is never skipped silently.';
const unknownAuthority = { is: 'is signed by nobody whom this computer knows', remedy: vouch };

/** By the codes of OpenSSL and Node. */
const meanings: Readonly<Record<string, { readonly is: string; readonly remedy: string }>> = {
  CERT_HAS_EXPIRED: { is: 'has expired', remedy: renew },
  CERT_NOT_YET_VALID: { is: 'is not valid yet', remedy: renew },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    is: 'is for another name',
    remedy: 'Name the server as its certificate does, or let whoever runs it add this name. It is never skipped silently.',
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownAuthority,
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
};

const certificateCodes = /CERT|SELF_SIGNED|ALTNAME|UNABLE_TO_VERIFY|SSL|TLS/;

/** Why the way to a server could not be made safe; undefined where the error is about something else. */
export function certificateError(server: string, error: Error): ConnectorError | undefined {
  const code = 'code' in error ? String(error.code) : '';
  if (!certificateCodes.test(code)) return undefined;
  const { is, remedy } = meanings[code] ?? {
    is: `is not trusted: ${error.message}`,
    remedy: `${vouch} One that has expired must be renewed.`,
  };
  return connectorError('no-access', `The certificate of ${server} ${is} (${code}).`, remedy, error);
}
