// What a connection to MySQL or MariaDB is told.
import { z } from 'zod';
import { serverFields } from '../sql/server-config.ts';

const { host, ...others } = serverFields;
export const configSchema = z
  .strictObject({ host, port: z.int().min(1).max(65_535).default(3306).describe('Its port'), ...others })
  .describe('Tables and views of a MySQL or MariaDB server.');
export type MysqlConfig = z.infer<typeof configSchema>;
