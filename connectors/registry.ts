// Every connector of the application by its id.
import type { Connector } from './contract.ts';
import { csvConnector } from './csv/connector.ts';
import { excelConnector } from './excel/connector.ts';
import { jsonlConnector } from './jsonl/connector.ts';
import { mysqlConnector } from './mysql/connector.ts';
import { postgresConnector } from './postgres/connector.ts';
import { restConnector } from './rest/connector.ts';
import { s3Connector } from './s3/connector.ts';
import { sftpConnector } from './sftp/connector.ts';
import { sqliteConnector } from './sqlite/connector.ts';
import { webdavConnector } from './webdav/connector.ts';

/** What a registry can be given besides: the memory connector exists only where a test made one. */
export interface RegistryOptions {
  readonly memory?: Connector;
}

/** A connector whose configuration has its own type, as one among others: its schema checks what it is given. */
function checked<Config>(connector: Connector<Config>): Connector {
  const { files, login } = connector;
  return {
    ...connector,
    open: async (config, context) => connector.open(connector.configSchema.parse(config), context),
    ...(login === undefined
      ? {}
      : { login: async (config, context, options) => login(connector.configSchema.parse(config), context, options) }),
    ...(files === undefined ? {} : { files: (config, context) => files(connector.configSchema.parse(config), context) }),
  };
}

/** The connectors by id. */
export function createRegistry(options: RegistryOptions = {}): ReadonlyMap<string, Connector> {
  const all: Connector[] = [
    checked(csvConnector),
    checked(excelConnector),
    checked(sqliteConnector),
    checked(postgresConnector),
    checked(mysqlConnector),
    checked(jsonlConnector),
    checked(restConnector),
    checked(sftpConnector),
    checked(webdavConnector),
    checked(s3Connector),
  ];
  if (options.memory !== undefined) all.push(checked(options.memory));
  return new Map(all.map((connector) => [connector.id, connector]));
}

/** The connectors of the application. */
export const connectors: ReadonlyMap<string, Connector> = createRegistry();
