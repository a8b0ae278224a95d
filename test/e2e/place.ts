// The application on a small own configuration with its data in a temporary folder, and the command line on the same workspace.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { inProject } from '../../main/app/setup/paths.ts';
import type { Answer, CallInput, CallName, CallOutput, KantoBridge } from '../../preload/contract/index.ts';
import { type TestConfiguration, writeConfiguration } from '../harness/workspace.ts';
import { type Application, withApplication } from './application.ts';

export const passphrase = 'a passphrase for tests';

export interface Place {
  readonly folder: string;
  path(name: string): string;
  write(name: string, text: string): void;
  read(name: string): string;
  /** Runs statements on a SQLite file, as another program would. */
  sql(name: string, ...statements: string[]): void;
  rows<T = unknown>(name: string, query: string): T[];
  /** Starts the application on the place's workspace; the configuration is applied at the first start. */
  open(use: (application: Application) => Promise<void>): Promise<void>;
  /** The command line on the same workspace; the application must be closed. */
  kanto(...args: string[]): Promise<{ readonly exit: number; readonly stdout: string; readonly stderr: string }>;
}

/** Asks the engine through the window's own bridge; a refusal is thrown. */
export async function ask<Name extends CallName>(
  window: Application['window'],
  name: Name,
  input: CallInput<Name>,
): Promise<CallOutput<Name>> {
  const answer = (await window.evaluate(
    ([wanted, given]) =>
      (globalThis as unknown as { readonly kanto: KantoBridge }).kanto.call(wanted as CallName, given as CallInput<CallName>),
    [name, input] as readonly [string, unknown],
  )) as Answer<CallOutput<Name>>;
  if (!answer.ok) throw new Error(`${name}: ${answer.problem.message} ${answer.problem.remedy}`);
  return answer.value;
}

/** Waits until the shell says that the workspace is open. */
export function workspaceOpens(window: Application['window']): Promise<void> {
  return window.evaluate(
    () =>
      new Promise<void>((done) => {
        (globalThis as unknown as { readonly kanto: KantoBridge }).kanto.subscribe('shell', ({ workspace }) => {
          if (workspace === 'open') done();
        });
      }),
  );
}

function command(args: readonly string[]): ReturnType<Place['kanto']> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [inProject('dist/cli/kanto.mjs'), ...args],
      { env: { ...process.env, KANTO_PASSPHRASE: passphrase } },
      (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== 'number') reject(error);
        else resolve({ exit: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      },
    );
  });
}

/** `configuration` is written as files, or writes the folder itself. `env`: variables of the application. */
export async function withPlace(
  configuration: TestConfiguration | ((folder: string) => Promise<void>),
  use: (place: Place) => Promise<void>,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kanto-place-'));
  const config = join(folder, 'config');
  const path = (name: string) => join(config, name);
  if (typeof configuration === 'function') await configuration(config);
  else writeConfiguration(config, configuration);
  let isApplied = false;
  const database = <T>(name: string, act: (db: Database.Database) => T): T => {
    const db = new Database(path(name));
    try {
      return act(db);
    } finally {
      db.close();
    }
  };
  try {
    await use({
      folder,
      path,
      write: (name, text) => writeFileSync(path(name), text),
      read: (name) => readFileSync(path(name), 'utf8'),
      sql: (name, ...statements) => database(name, (db) => void statements.map((statement) => db.exec(statement))),
      rows: <T>(name: string, query: string) => database(name, (db) => db.prepare<[], T>(query).all()),
      open: (act) =>
        withApplication(
          {
            workspace: join(folder, 'workspace'),
            userData: join(folder, 'application'),
            passphrase,
            env,
            size: { width: 1440, height: 900 },
          },
          async (application) => {
            await workspaceOpens(application.window);
            if (!isApplied) await ask(application.window, 'workspace.apply', { folder: config });
            isApplied = true;
            await act(application);
          },
        ),
      kanto: (...args) => command(['--workspace', join(folder, 'workspace'), ...args]),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
