// What a connection to PostgreSQL is told.
import { z } from 'zod';
import { serverFields } from '../sql/server-config.ts';

const { host, ...others } = serverFields;
export const configSchema = z
  .strictObject({ host, port: z.int().min(1).max(65_535).default(5432).describe('Its port'), ...others })
  .describe('Tables and views of a PostgreSQL server.');
export type PostgresConfig = z.infer<typeof configSchema>;
