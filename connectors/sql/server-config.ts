// What every connection to a SQL server is told: where it is, who signs in, and how the way to it is kept safe.
import { z } from 'zod';
import { authorityField, readAuthority } from '../shared/certificates.ts';

/** The fields that all have; `port` differs. */
export const serverFields = {
  host: z.string().min(1).describe('Name or address of the server, or the folder of its socket'),
  database: z.string().min(1).describe('The database'),
  user: z.string().min(1).describe('The role that signs in'),
  tls: z
    .enum(['off', 'require', 'verify'])
    .optional()
    .describe('verify: encrypted, and the certificate is checked; require: encrypted only; off. Default: verify, off on this computer'),
  ca: authorityField,
  statementTimeout: z.int().min(1).default(300).describe('Seconds that one statement may take'),
};

/** Servers that are reached without leaving this computer. */
function isLocal(host: string): boolean {
  return host.startsWith('/') || host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** How the way to the server is kept safe; false for not at all. */
export async function tlsOptions(
  { host, tls, ca }: { readonly host: string; readonly tls?: 'off' | 'require' | 'verify' | undefined; readonly ca?: string | undefined },
  baseFolder: string,
): Promise<false | { readonly rejectUnauthorized: boolean; readonly ca?: string }> {
  const mode = tls ?? (isLocal(host) ? 'off' : 'verify');
  if (mode === 'off') return false;
  if (mode === 'require') return { rejectUnauthorized: false };
  const authority = await readAuthority(ca, baseFolder);
  return { rejectUnauthorized: true, ...(authority === undefined ? {} : { ca: authority }) };
}
