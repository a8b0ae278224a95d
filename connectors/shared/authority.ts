// The certificate authority of a company's own, which the computer does not know.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
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
