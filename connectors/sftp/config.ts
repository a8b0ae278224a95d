// What a file on an SFTP server asks for.
import { z } from 'zod';
import { formatShape } from '../remote/formats.ts';

export const configSchema = z
  .strictObject({
    host: z.string().min(1).describe('Name or address of the server'),
    port: z.int().min(1).max(65_535).default(22).describe('Its port'),
    user: z.string().min(1).describe('The user who signs in'),
    path: z.string().min(1).describe('The file, from the folder that a sign-in begins in, or from / on'),
    hostKey: z
      .string()
      .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'a fingerprint as "ssh-keygen -lf" shows it: SHA256:...')
      .optional()
      .describe('The fingerprint of the key of the server, SHA256:...; without it the test of the connection shows the one to compare'),
    privateKey: z.string().min(1).optional().meta({
      format: 'path',
      description:
        'File with the private key that signs in; the secret "passphrase" opens it. Without it, the password or the SSH agent signs in',
    }),
    ...formatShape,
  })
  .describe('A CSV file, a workbook or JSON lines on a server that is reached by SSH.');

export type SftpConfig = z.infer<typeof configSchema>;

/** For people, without a secret. */
export function addressOf({ host, port, user, path }: Pick<SftpConfig, 'host' | 'port' | 'user' | 'path'>): string {
  return `sftp://${user}@${host}${port === 22 ? '' : `:${port}`}/${path.replace(/^\//, '')}`;
}
