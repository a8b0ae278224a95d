// Connectors with the troubles of a distant system around them: answers that take their time, and requests that fail by seeded chance.
import { setTimeout as wait } from 'node:timers/promises';
import type { Connection, Connector, WriteRequest, WriteResult } from '../../connectors/contract.ts';
import { ConnectorError } from '../../connectors/contract.ts';
import { createRegistry } from '../../connectors/registry.ts';
import { chanceAt } from '../data/diverged/chance.ts';

export interface Trouble {
  /** How long every page and every write request takes longer. */
  readonly delayMs: number;
  /** Of all write requests, 0 to 1. */
  readonly faultShare: number;
  readonly seed: number;
}

/** What troubles there were. */
export interface TroubleTally {
  waits: number;
  requests: number;
  faults: number;
}

/** The connectors of the application, with these troubles around SQLite; they are counted in `tally`. */
export function troubledRegistry(trouble: Trouble, tally: TroubleTally): ReadonlyMap<string, Connector> {
  const around = (connector: Connector): Connector => ({
    ...connector,
    open: async (config, context) => troubled(await connector.open(config, context), trouble, tally),
  });
  return new Map([...createRegistry()].map(([id, connector]) => [id, id === 'sqlite' ? around(connector) : connector]));
}

function troubled(connection: Connection, { delayMs, faultShare, seed }: Trouble, tally: TroubleTally): Connection {
  const delay = async () => {
    if (delayMs === 0) return;
    tally.waits += 1;
    await wait(delayMs);
  };
  return {
    test: (signal) => connection.test(signal),
    datasets: (signal) => connection.datasets(signal),
    describe: (dataset, signal) => connection.describe(dataset, signal),
    async *read(request) {
      for await (const page of connection.read(request)) {
        await delay();
        yield page;
      }
    },
    readKeys: (ref, keys, columns, signal) => connection.readKeys(ref, keys, columns, signal),
    async write(request) {
      await delay();
      const asked = tally.requests++;
      if (chanceAt(seed, asked, 0) / 2 ** 32 >= faultShare) return connection.write(request);
      tally.faults += 1;
      return fail(connection, request, chanceAt(seed, asked, 1) / 2 ** 32);
    },
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}

/** A third is refused before anything is written, a third breaks after the first half, a third only loses its answer. */
async function fail(connection: Connection, request: WriteRequest, chance: number): Promise<readonly WriteResult[]> {
  const { operations } = request;
  const written = chance < 1 / 3 ? 0 : chance < 2 / 3 ? Math.ceil(operations.length / 2) : operations.length;
  if (written > 0) await connection.write({ ...request, operations: operations.slice(0, written) });
  throw new ConnectorError('unavailable', 'retry', 'The connection broke.', 'Run again.');
}
