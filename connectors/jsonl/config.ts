// What a connection to a file of JSON lines asks for.
import { z } from 'zod';

export const configSchema = z
  .strictObject({
    path: z.string().min(1).meta({ format: 'path', description: 'The file; relative paths start at the configuration folder' }),
  })
  .describe('A file on this computer with one JSON object a line.');
export type JsonlConfig = z.infer<typeof configSchema>;
