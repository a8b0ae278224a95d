// Tables in memory as a place where records live: for tests and the simulation, with faults on demand.
import { z } from 'zod';
import type {
  Capabilities,
  Connection,
  Connector,
  ConnectorContext,
  DatasetSchema,
  NativeRow,
  ReadPage,
  ReadRequest,
  WriteOperation,
  WriteRequest,
} from '../contract.ts';
import { connectorError, requireColumns, requireKey, throwIfCancelled } from '../shared/errors.ts';
import { keyId } from '../shared/keys.ts';
import { createChangeLog } from './change-log.ts';
import type { Asked, Faults, ReadFault } from './faults.ts';
import { disturb } from './faults.ts';
import { livePages, toPages } from './read.ts';
import type { MemoryStore, MemoryTable } from './store.ts';
import { keyOfRow, pick } from './store.ts';
import { applyAll, refuseWhole } from './write.ts';

const configSchema = z.strictObject({ store: z.string().describe('The name of a store that the test made') });
export type MemoryConfig = z.infer<typeof configSchema>;

export interface MemoryOptions {
  readonly stores: ReadonlyMap<string, MemoryStore>;
  readonly faults?: Faults;
  /** Small pages make faults between pages possible on small tables. */
  readonly rowsPerPage?: number;
  readonly capabilities?: Partial<Capabilities>;
  /** Rows in one write request at most; a larger one is refused as a whole. */
  readonly largestRequest?: number;
  /** One refused row refuses its whole request. */
  readonly isAllOrNothing?: boolean;
}

const defaultCapabilities: Capabilities = {
  write: ['create', 'update', 'delete'],
  atomicity: 'row',
  maxBatch: 1000,
  cursor: true,
  confirmsAbsence: true,
  filters: false,
  assignsKeys: true,
  repeats: true,
};

/** A connector over the given stores. It holds no state of its own, so the same faults give the same run. */
export function createMemoryConnector(options: MemoryOptions): Connector<MemoryConfig> {
  return {
    id: 'memory',
    title: 'Memory (tests)',
    configSchema,
    secrets: [],
    capabilities: { ...defaultCapabilities, ...options.capabilities },
    async open({ store }, context) {
      const found = options.stores.get(store);
      if (found === undefined) throw connectorError('not-found', `There is no store "${store}".`, 'Make it in the test.');
      found.open += 1;
      return openMemory(store, found, options, context);
    },
  };
}

function openMemory(name: string, store: MemoryStore, options: MemoryOptions, context: ConnectorContext): Connection {
  const rowsPerPage = options.rowsPerPage ?? 1000;

  function tableOf(dataset: string): MemoryTable {
    const table = store.tables.get(dataset);
    if (table === undefined)
      throw connectorError(
        'not-found',
        `The store ${name} has no table "${dataset}".`,
        `Name one of ${[...store.tables.keys()].join(', ')}.`,
      );
    return table;
  }

  /** One request as over a network: in turn with others, and with what can go wrong. */
  function ask<T>(what: 'page' | 'keys' | 'write', signal: AbortSignal, answer: () => T): Promise<T> {
    const onRequest = options.faults?.onRequest;
    if (onRequest === undefined) return Promise.resolve().then(answer);
    const request = async () => {
      const fault = onRequest({ store: name, what });
      if (fault === 'throttled') throw throttledError(name);
      if (fault === 'logged-out') throw loggedOutError(name);
      if (fault === 'failing') throw brokenError(name);
      const answered = answer();
      if (fault === 'timed-out') throw brokenError(name);
      return answered;
    };
    return context.send(request, { signal, isRepeatable: what !== 'write' });
  }

  function refuseSometimes(asked: Asked): void {
    if (options.faults?.refuses?.({ store: name, asked })) throw refusedError(name);
  }

  /** One after the other where something may happen between them, else all at once. */
  function pagesOf(table: MemoryTable, request: ReadRequest, faults: readonly ReadFault[]): Iterable<ReadPage> {
    const position = () => store.journal.length;
    const onPage = options.faults?.onPage;
    const { dataset } = request.ref;
    const isPartial = request.since !== undefined;
    if (onPage === undefined) return disturb(toPages(table, request, rowsPerPage, position()), faults);
    const pages = livePages(table, request, rowsPerPage, position, (index, rows) =>
      onPage({ store: name, dataset, index, rows, isPartial }),
    );
    return faults.length === 0 ? pages : disturb([...pages], faults);
  }

  async function* read(request: ReadRequest): AsyncGenerator<ReadPage> {
    throwIfCancelled(request.signal, `Reading ${name}`);
    refuseSometimes('read');
    if (request.ref.where !== undefined) throw connectorError('unsupported', `The store ${name} takes no filter.`, 'Leave "where" out.');
    const table = tableOf(request.ref.dataset);
    requireKey(name, request.ref.key);
    requireColumns(name, table.columns, [
      ...request.ref.key,
      ...request.columns,
      ...(request.since === undefined ? [] : [request.since.column]),
    ]);
    const faults = options.faults?.onRead?.({ store: name, ref: request.ref }) ?? [];
    if (faults.includes('locked')) throw lockedError(name);
    let left = faults.includes('break') ? Math.ceil(table.rows.length / rowsPerPage / 2) : Number.POSITIVE_INFINITY;
    for (const page of pagesOf(table, request, faults)) {
      throwIfCancelled(request.signal, `Reading ${name}`);
      if (left <= 0) throw brokenError(name);
      left -= 1;
      yield await ask('page', request.signal, () => page);
    }
    if (faults.includes('break')) throw brokenError(name);
  }

  async function write(request: WriteRequest) {
    throwIfCancelled(request.signal, `Writing to ${name}`);
    refuseSometimes('write');
    const table = tableOf(request.ref.dataset);
    requireKey(name, request.ref.key);
    requireColumns(name, table.columns, [
      ...request.ref.key,
      ...request.columns,
      ...request.operations.flatMap(({ set }) => Object.keys(set)),
    ]);
    return ask('write', request.signal, () => carryOut(table, request));
  }

  function carryOut(table: MemoryTable, request: WriteRequest) {
    const { operations } = request;
    if (operations.length > (options.largestRequest ?? Number.POSITIVE_INFINITY)) throw tooLargeError(name);
    if (options.isAllOrNothing === true) refuseWhole(table, request);
    const fault = options.faults?.onWrite?.({ store: name, ref: request.ref, operations });
    const target = { store, table, request, uuid: context.uuid };
    const apply = (some: readonly WriteOperation[]) => {
      const results = applyAll(target, some);
      options.faults?.onWritten?.({ store: name });
      return results;
    };
    switch (fault) {
      case 'fail':
        throw brokenError(name);
      case 'locked':
        throw lockedError(name);
      case 'lose-answer':
        apply(operations);
        throw brokenError(name);
      case 'partial':
        apply(operations.slice(0, Math.ceil(operations.length / 2)));
        throw brokenError(name);
      case 'half-answer':
        return apply(operations).slice(0, Math.ceil(operations.length / 2));
      case 'moved':
        return apply(operations.map((operation) => (operation.kind === 'create' ? operation : { ...operation, expects: () => false })));
      case undefined:
        return apply(operations);
    }
  }

  function describe(dataset: string): DatasetSchema {
    const table = tableOf(dataset);
    return {
      dataset,
      columns: table.columns.map((column) => {
        const maxLength = table.maxLengths?.[column];
        return { name: column, nativeType: 'any', nullable: true, ...(maxLength === undefined ? {} : { maxLength }) };
      }),
      primaryKey: table.assigns === undefined ? [] : [table.assigns],
      rows: table.rows.length,
      detected: ['In memory'],
      tellsNullFromEmpty: table.tellsNullFromEmpty ?? true,
    };
  }

  return {
    async test(signal) {
      throwIfCancelled(signal, `Testing ${name}`);
      return { message: `The store ${name} has ${store.tables.size} tables.`, details: [...store.tables.keys()] };
    },
    async datasets(signal) {
      throwIfCancelled(signal, `Listing ${name}`);
      return [...store.tables.keys()].map((dataset) => ({ name: dataset, kind: 'memory' as const }));
    },
    async describe(dataset, signal) {
      throwIfCancelled(signal, `Describing ${name}`);
      refuseSometimes('describe');
      return describe(dataset);
    },
    read,
    async readKeys(ref, keys, columns, signal) {
      throwIfCancelled(signal, `Reading ${name}`);
      refuseSometimes('read-keys');
      const table = tableOf(ref.dataset);
      requireColumns(name, table.columns, [...ref.key, ...columns]);
      const wanted = new Set(keys.map(keyId));
      return ask('keys', signal, () => {
        const found = new Map<string, NativeRow>();
        for (const row of table.rows) {
          const id = keyId(keyOfRow(row, ref.key));
          if (wanted.has(id)) found.set(id, pick(row, columns));
        }
        return found;
      });
    },
    write,
    ...(options.capabilities?.log === true
      ? { log: createChangeLog({ name, store, keysPerPage: rowsPerPage, faults: options.faults }) }
      : {}),
    async [Symbol.asyncDispose]() {
      store.open -= 1;
    },
  };
}

function brokenError(name: string) {
  return connectorError('unavailable', `The connection to ${name} broke.`, 'Run again.');
}

function tooLargeError(name: string) {
  return connectorError(
    'too-large',
    `The request is too large for ${name}.`,
    'Send fewer rows at a time ("limits.batch" of the connection).',
  );
}

/** The pause a throttled store asks for. */
const pauseMs = 5;

function throttledError(name: string) {
  return connectorError('throttled', `${name} takes no more requests for now.`, 'The run waits and goes on by itself.', undefined, {
    retryAfterMs: pauseMs,
  });
}

function loggedOutError(name: string) {
  return connectorError('logged-out', `${name} no longer takes the credential.`, 'Sign in again for this connection.');
}

/** What a place says that is asked too often or cannot answer now. */
function refusedError(name: string) {
  return connectorError('unavailable', `${name} does not answer now.`, 'Run again later.');
}

function lockedError(name: string) {
  return connectorError('locked', `${name} is locked by another program.`, 'Run again when it has finished.');
}
