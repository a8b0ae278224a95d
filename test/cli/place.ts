// A folder with a small configuration and data, and the real `kanto` in a process of its own.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const command = fileURLToPath(new URL('../../dist/cli/kanto.mjs', import.meta.url));
export const demo = fileURLToPath(new URL('../../main/cli/demo.ts', import.meta.url));

export interface Said {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function runNode(script: string, args: readonly string[], env: Readonly<Record<string, string | undefined>> = {}): Promise<Said> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      [script, ...args],
      { env: { ...process.env, KANTO_PASSPHRASE: 'test', ...env }, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== 'number') reject(error);
        else resolve({ exit: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      },
    );
    child.stdin?.end();
  });
}

export interface Place {
  readonly folder: string;
  /** Runs `kanto` in the workspace of the place. */
  kanto(...args: string[]): Promise<Said>;
  /** The same with --json: the document and the exit code. */
  json<T = Record<string, unknown>>(...args: string[]): Promise<{ readonly exit: number; readonly document: T; readonly stderr: string }>;
  read(name: string): string;
  write(name: string, text: string): void;
}

const sync = `record:
  fields:
    email: { type: text, normal: [trim, lowercase] }
    name: { type: text }
    balance: { type: decimal, scale: 2 }
match: [email]
endpoints:
  shop:
    connection: shop
    dataset: shop
    key: [id]
    newKey: next
    fields: { email: email, name: name, balance: balance }
  ledger:
    connection: ledger
    dataset: ledger
    key: [Nr]
    newKey: next
    fields: { email: E-Mail, name: Name, balance: { column: Saldo, format: { decimal: ",", group: "." } } }
limits: { deletes: { count: 2, share: 0.05 } }
tests:
  - at: ledger
    read: { Saldo: "1.234,50" }
    record: { balance: "1234.50" }
`;

const shopRows = Array.from(
  { length: 20 },
  (_, index) => `${String(index + 1).padStart(3, '0')},p${index + 1}@a.example,Person ${index + 1},${index + 1}.00`,
);
const ledgerRows = Array.from(
  { length: 20 },
  (_, index) => `K${String(index + 1).padStart(2, '0')};P${index + 1}@a.example;Person ${index + 1};${index + 1},00`,
);

export const files: Readonly<Record<string, string>> = {
  'config/kanto.yaml': 'name: Test\n',
  'config/connections/shop.yaml': 'connector: csv\nconfig: { path: ../data/shop.csv }\n',
  'config/connections/ledger.yaml': 'connector: csv\nconfig: { path: ../data/ledger.csv, delimiter: ";" }\n',
  'config/syncs/customers.yaml': sync,
  'data/shop.csv': `id,email,name,balance\n${shopRows.join('\n')}\n`,
  'data/ledger.csv': `Nr;E-Mail;Name;Saldo\n${ledgerRows.join('\n')}\n`,
};

/** Writes the files; with `ready` the workspace is made, the configuration applied and the first run done. */
export async function createPlace(ready: boolean): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'kanto-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const place: Place = {
    folder,
    kanto: (...args) => runNode(command, ['--workspace', join(folder, 'workspace'), ...args]),
    async json<T>(...args: string[]) {
      const { exit, stdout, stderr } = await place.kanto(...args, '--json');
      return { exit, document: JSON.parse(stdout) as T, stderr };
    },
    read: (name) => readFileSync(join(folder, name), 'utf8'),
    write(name, text) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    },
  };
  for (const [name, text] of Object.entries(files)) place.write(name, text);
  if (ready) {
    for (const args of [['init'], ['apply', join(folder, 'config')], ['run', 'customers']]) {
      const said = await place.kanto(...args);
      if (said.exit !== 0) throw new Error(`kanto ${args.join(' ')} ended with ${said.exit}\n${said.stdout}${said.stderr}`);
    }
  }
  return place;
}

/** The command without a workspace of its own. */
export function kanto(args: readonly string[], env: Readonly<Record<string, string | undefined>> = {}): Promise<Said> {
  return runNode(command, args, env);
}
