// A configuration folder for tests, with connectors of which only the description matters.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { onTestFinished } from 'vitest';
import { sqliteConnector } from '../../connectors/sqlite/connector.ts';
import type { Connector } from '../../connectors/contract.ts';
import { ConfigError, describeIssue, loadFolder, type Configuration, type Connectors } from '../../main/config/load.ts';

/** Takes any file and says no more; what is checked here happens before anything is opened. */
const plainFiles: Connector<{ path: string; delimiter?: string | undefined; encoding?: string | undefined }> = {
  id: 'csv',
  title: 'Files',
  configSchema: z.strictObject({
    path: z.string().meta({ format: 'path' }),
    delimiter: z.string().optional(),
    encoding: z.string().optional(),
  }),
  secrets: [],
  capabilities: {
    write: ['create', 'update', 'delete'],
    atomicity: 'atomic',
    maxBatch: 100,
    cursor: false,
    confirmsAbsence: true,
    filters: false,
    assignsKeys: false,
  },
  open: () => Promise.reject(new Error('Configuration is checked without opening anything.')),
};

export const connectors: Connectors = { csv: plainFiles as Connector, sqlite: sqliteConnector as Connector };

export type Files = Readonly<Record<string, string>>;

/** A small valid configuration; tests change one thing of it. */
export const valid: Files = {
  'kanto.yaml': 'name: Test\n',
  'connections/shop.yaml': 'connector: csv\nconfig: { path: data/shop.csv }\n',
  'connections/crm.yaml': 'connector: sqlite\nconfig: { path: data/crm.sqlite }\n',
  'syncs/customers.yaml': `record:
  fields:
    email: { type: text, normal: [trim, lowercase] }
    balance: { type: decimal, scale: 2 }
    since: { type: date }
    tags: { type: list, of: text }
    status: { type: enum, values: [active, closed] }
match: [email]
endpoints:
  shop:
    connection: shop
    dataset: shop
    key: [id]
    fields:
      email: E-Mail
      balance: { column: Balance, format: { decimal: ",", group: "." } }
      since: { column: Since, format: dd.MM.yyyy }
      status: { column: St, values: { A: active, C: closed } }
  crm: { connection: crm, dataset: people, key: [id], modified: at, fields: { email: mail, balance: saldo, tags: labels } }
`,
};

/** Writes the files into a folder that is gone after the test. */
export function folderOf(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'kanto-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

export function load(files: Files): Promise<Configuration> {
  return loadFolder(folderOf(files), connectors);
}

/** The refusals of a configuration as `file:line:column path: message`. */
export async function refusals(files: Files): Promise<readonly string[]> {
  try {
    await load(files);
  } catch (error) {
    if (error instanceof ConfigError) return error.issues.map(describeIssue);
    throw error;
  }
  return [];
}

/** The valid sync with one text replaced by another. */
export function edited(from: string, to: string, file = 'syncs/customers.yaml'): Files {
  const text = valid[file] ?? '';
  if (!text.includes(from)) throw new Error(`The configuration of the tests has no ${from}.`);
  return { ...valid, [file]: text.replace(from, to) };
}
