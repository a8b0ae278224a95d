// What a file on a WebDAV server asks for.
import { z } from 'zod';
import { formatShape } from '../remote/formats.ts';
import { authorityField } from '../shared/certificates.ts';

export const configSchema = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/, error: 'an address that begins with https:// or http://' })
      .refine(
        (text) => !URL.canParse(text) || (new URL(text).username === '' && new URL(text).password === ''),
        'the user belongs under "user", and the password into the secrets',
      )
      .describe('The address of the file: https://cloud.example.org/remote.php/dav/files/ann/shop.csv'),
    user: z
      .string()
      .min(1)
      .optional()
      .describe('The user who signs in with the secret "password"; without it the secret "token" signs in, or nobody'),
    ca: authorityField,
    insecure: z.boolean().default(false).describe('Allow http:// to another computer: everything, with the credential, travels readable'),
    ...formatShape,
  })
  .describe('A CSV file, a workbook or JSON lines on a WebDAV server.');

export type WebdavConfig = z.infer<typeof configSchema>;
