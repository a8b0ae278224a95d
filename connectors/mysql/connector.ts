// MySQL and MariaDB databases as a place where records live.
import type { Connector } from '../contract.ts';
import type { MysqlConfig } from './config.ts';
import { configSchema } from './config.ts';

export const mysqlConnector: Connector<MysqlConfig> = {
  id: 'mysql',
  title: 'MySQL or MariaDB',
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
  // The driver is loaded by those who use it.
  open: async (config, context) => (await import('./open.ts')).open(config, context),
};
