// PostgreSQL databases as a place where records live.
import type { Connector } from '../contract.ts';
import type { PostgresConfig } from './config.ts';
import { configSchema } from './config.ts';
import { logRemoval } from './log-names.ts';

export const postgresConnector: Connector<PostgresConfig> = {
  id: 'postgres',
  title: 'PostgreSQL',
  configSchema,
  secrets: ['password'],
  capabilities: {
    write: ['create', 'update', 'delete'],
    atomicity: 'atomic',
    maxBatch: 2000,
    cursor: true,
    log: true,
    confirmsAbsence: true,
    filters: true,
    assignsKeys: true,
  },
  logRemoval,
  // The driver is loaded by those who use it.
  open: async (config, context) => (await import('./open.ts')).open(config, context),
};
