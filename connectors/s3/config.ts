// What an object of an S3-compatible store asks for.
import { z } from 'zod';
import { formatShape } from '../remote/formats.ts';
import { authorityField } from '../shared/certificates.ts';

export const configSchema = z
  .strictObject({
    endpoint: z
      .url({ protocol: /^https?$/, error: 'an address that begins with https:// or http://' })
      .optional()
      .describe('The address of the store; that of Amazon S3 in the region when absent'),
    region: z.string().min(1).default('us-east-1').describe('The region that the store is asked in'),
    bucket: z.string().min(1).describe('The bucket'),
    key: z.string().min(1).describe('The name of the object, with its folders: exports/shop.csv'),
    accessKey: z.string().min(1).describe('The identifier of the access key; its secret is the secret "secretKey"'),
    pathStyle: z
      .boolean()
      .optional()
      .describe('The bucket is named in the path and not in the name of the host; default: true where an endpoint is named, else false'),
    ca: authorityField,
    insecure: z.boolean().default(false).describe('Allow http:// to another computer: everything but the secret travels readable'),
    ...formatShape,
  })
  .describe('A CSV file, a workbook or JSON lines in Amazon S3 or a store like it.');

export type S3Config = z.infer<typeof configSchema>;

/** Where the object lies. */
export function urlOf({ endpoint, region, bucket, key, pathStyle }: S3Config): URL {
  const url = new URL(endpoint ?? `https://s3.${region}.amazonaws.com`);
  const isInPath = pathStyle ?? endpoint !== undefined;
  if (!isInPath) url.hostname = `${bucket}.${url.hostname}`;
  const parts = [...url.pathname.split('/').filter(Boolean), ...(isInPath ? [bucket] : []), ...key.split('/').map(encodeURIComponent)];
  url.pathname = `/${parts.join('/')}`;
  return url;
}
