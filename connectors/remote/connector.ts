// Files on servers as places where records live: each is fetched, read and changed here by the connector of its format, and put back only while the
// one there is still the one that was fetched.
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { z } from 'zod';
import type { Connection, Connector, ConnectorContext, WriteRequest, WriteResult } from '../contract.ts';
import { ConnectorError } from '../contract.ts';
import { excelConnector } from '../excel/connector.ts';
import { connectorError, throwIfCancelled } from '../shared/errors.ts';
import { lockedError } from '../shared/file-errors.ts';
import { dropBackups, keepBackup, lockNames, openElsewhereError } from '../shared/replace.ts';
import { createCopies, makeFolder } from './copies.ts';
import type { Copy } from './copies.ts';
import { findFormat } from './formats.ts';
import type { FormatOptions } from './formats.ts';
import type { RemoteFile } from './remote-file.ts';

/** What is particular to one kind of server. */
export interface RemotePlace<Config extends FormatOptions> {
  readonly id: string;
  readonly title: string;
  readonly configSchema: z.ZodType<Config>;
  readonly secrets: readonly string[];
  /** The file's own name. */
  nameOf(config: Config): string;
  open(config: Config, context: ConnectorContext): Promise<RemoteFile>;
}

/** When somebody else changes the file while we do, we start over this often. */
const maxAttempts = 5;

export function createRemoteConnector<Config extends FormatOptions>(place: RemotePlace<Config>): Connector<Config> {
  return {
    id: place.id,
    title: place.title,
    configSchema: place.configSchema
      .superRefine((config, issues) => {
        const format = findFormat(place.nameOf(config), config);
        const problems = format?.problems(config) ?? [
          {
            option: 'format',
            message: `the name "${place.nameOf(config)}" does not tell what the file is: add "format: csv", "excel" or "jsonl"`,
          },
        ];
        for (const { option, message } of problems) issues.addIssue({ code: 'custom', path: [option], message });
      })
      .describe(place.configSchema.description ?? ''),
    secrets: place.secrets,
    capabilities: excelConnector.capabilities,
    capabilitiesFor: (config) => findFormat(place.nameOf(config), config)?.capabilities ?? excelConnector.capabilities,
    async open(config, context) {
      const name = place.nameOf(config);
      const format = findFormat(name, config);
      if (format === undefined) throw connectorError('invalid-config', `What is ${name}?`, 'Name its format under "format".');
      const file = await place.open(config, context);
      const folder = await makeFolder(join(context.backupFolder, 'copies'));
      // The backups of copies are no backups of the file.
      const own = { ...context, secret: () => undefined, backupFolder: join(folder, 'backups') };
      return openRemote(
        file,
        name,
        context,
        createCopies(file, folder, name, (path) => format.open(path, config, own)),
      );
    },
  };
}

function openRemote(file: RemoteFile, name: string, context: ConnectorContext, copies: ReturnType<typeof createCopies>): Connection {
  const retold = retellerOf(file.address);
  const use = <T>(signal: AbortSignal, work: (copy: Copy) => Promise<T>) =>
    copies.use(signal, { isForReplacing: false }, (copy) => retold.errors(copy.path, () => work(copy)));

  /** Undefined when the file was changed meanwhile. */
  async function attempt(request: WriteRequest): Promise<readonly WriteResult[] | undefined> {
    const { signal } = request;
    return copies.use(signal, { isForReplacing: true }, async (copy) => {
      const [lock] = (await file.beside?.(lockNames(name), signal)) ?? [];
      if (lock !== undefined) throw openElsewhereError(file.address, lock);
      let results: readonly WriteResult[] | undefined;
      await copies.change(copy, async (draft) => {
        const found = await retold.errors(draft.path, () => draft.connection.write(request));
        const said = found.map((result) => retold.result(draft.path, result));
        if (!(await draft.isChanged())) {
          results = said;
          return undefined;
        }
        throwIfCancelled(signal, `Writing to ${file.address}`);
        const backup = await keepBackup(copy.path, context.backupFolder, context.now(), file.address);
        const lies = await file.replace(draft.path, copy.stat.version, signal);
        if (lies === undefined) {
          await rm(backup, { force: true });
          return undefined;
        }
        await dropBackups(dirname(backup));
        results = said;
        return lies;
      });
      return results;
    });
  }

  return {
    async test(signal) {
      const checks = await file.check(signal);
      const failed = checks.filter(({ isOk }) => !isOk);
      const first = failed.find(({ name: check }) => check !== 'write' && check !== 'clock');
      if (first !== undefined) return { message: `${file.address} cannot be used: ${first.says}`, details: [], checks };
      const { message, details } = await use(signal, ({ connection }) => connection.test(signal));
      return { message, details: [...details, file.address], checks };
    },
    datasets: (signal) => use(signal, ({ connection }) => connection.datasets(signal)),
    describe: (dataset, signal) => use(signal, ({ connection }) => connection.describe(dataset, signal)),
    read: (request) => copies.pages(request.signal, ({ path, connection }) => retold.pages(path, connection.read(request))),
    readKeys: (ref, keys, columns, signal) => use(signal, ({ connection }) => connection.readKeys(ref, keys, columns, signal)),
    async write(request) {
      for (let count = 1; count <= maxAttempts; count += 1) {
        const results = await attempt(request);
        if (results !== undefined) return results;
      }
      throw lockedError(file.address, `somebody else keeps writing to it (${maxAttempts} tries)`);
    },
    async [Symbol.asyncDispose]() {
      await copies[Symbol.asyncDispose]();
      await file[Symbol.asyncDispose]();
    },
  };
}

/** What is said of a copy is meant for the file itself. */
function retellerOf(address: string) {
  const toldOf = (path: string, error: unknown): unknown =>
    error instanceof ConnectorError ? error.retold(error.message.replaceAll(path, address), error.remedy.replaceAll(path, address)) : error;
  return {
    async errors<T>(path: string, work: () => Promise<T>): Promise<T> {
      try {
        return await work();
      } catch (error) {
        throw toldOf(path, error);
      }
    },
    async *pages<Page>(path: string, pages: AsyncIterable<Page>): AsyncGenerator<Page> {
      try {
        yield* pages;
      } catch (error) {
        throw toldOf(path, error);
      }
    },
    result: (path: string, result: WriteResult): WriteResult =>
      result.status === 'failed' ? { ...result, error: toldOf(path, result.error) as ConnectorError } : result,
  };
}
