// What a connection to a file of JSON lines asks for.
import { z } from 'zod';

export const configSchema = z.strictObject({
  path: z.string().min(1).describe('The file; relative paths start at the configuration folder'),
});
export type JsonlConfig = z.infer<typeof configSchema>;
