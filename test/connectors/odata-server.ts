// A real OData service (simple-odata-server) in this process, on a free port, with its rows in memory.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

export type ODataRow = Record<string, unknown> & { readonly _id: string };

/** What the service makes of a query: the form of MongoDB. */
interface Query {
  readonly $filter: Readonly<Record<string, unknown>>;
  readonly $sort?: Readonly<Record<string, 1 | -1>>;
  readonly $skip?: number;
  readonly $limit?: number;
  readonly $inlinecount?: boolean;
}

type Answer<T> = (error: Error | null, result?: T) => void;

interface ODataServer {
  model(model: object): ODataServer;
  query(run: (set: string, query: Query, request: IncomingMessage, answer: Answer<unknown>) => void): ODataServer;
  insert(run: (set: string, row: ODataRow, request: IncomingMessage, answer: Answer<ODataRow>) => void): ODataServer;
  update(
    run: (set: string, query: { _id: string }, update: { $set: object }, request: IncomingMessage, answer: Answer<number>) => void,
  ): ODataServer;
  remove(run: (set: string, query: { _id: string }, request: IncomingMessage, answer: Answer<number>) => void): ODataServer;
  handle(request: IncomingMessage, response: ServerResponse): void;
}

const createService = createRequire(import.meta.url)('simple-odata-server') as (url: string) => ODataServer;

const model = {
  namespace: 'shop',
  entityTypes: {
    Person: { _id: { type: 'Edm.String', key: true }, name: { type: 'Edm.String' }, note: { type: 'Edm.String' } },
  },
  entitySets: { people: { entityType: 'shop.Person' } },
};

export interface RunningOData extends AsyncDisposable {
  readonly url: string;
  readonly rows: Map<string, ODataRow>;
  connections(): Promise<number>;
}

function refusal(message: string): Error {
  return Object.assign(new Error(message), { code: 422 });
}

export async function startOData(given: readonly ODataRow[]): Promise<RunningOData> {
  const rows = new Map(given.map((row) => [row._id, row]));
  let count = 0;
  const server = createServer((request, response) => service.handle(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const isRefused = (row: object) => 'note' in row && row.note === 'refused';
  const service = createService(url)
    .model(model)
    .query((_set, query, _request, answer) => {
      const all = found([...rows.values()], query);
      const page = all.slice(query.$skip ?? 0, (query.$skip ?? 0) + (query.$limit ?? all.length)).map((row) => ({ ...row }));
      answer(null, query.$inlinecount === true ? { count: all.length, value: page } : page);
    })
    .insert((_set, row, _request, answer) => {
      count += 1;
      const whole = { ...row, _id: row._id ?? `new-${count}` };
      if (isRefused(row) || rows.has(whole._id)) answer(refusal('The row is refused.'));
      else {
        rows.set(whole._id, whole);
        answer(null, { ...whole });
      }
    })
    .update((_set, { _id }, { $set }, _request, answer) => {
      const before = rows.get(_id);
      if (isRefused($set)) answer(refusal('The note is refused.'));
      else {
        if (before !== undefined) rows.set(_id, { ...before, ...$set });
        answer(null, 1);
      }
    })
    .remove((_set, { _id }, _request, answer) => {
      rows.delete(_id);
      answer(null, 1);
    });
  return {
    url,
    rows,
    connections: () => new Promise((resolve, reject) => server.getConnections((error, open) => (error ? reject(error) : resolve(open)))),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The rows that a query names, in its order. Only what the connector asks for: equal, and at or above. */
function found(rows: readonly ODataRow[], { $filter, $sort = {} }: Query): ODataRow[] {
  const fits = (row: ODataRow) =>
    Object.entries($filter).every(([name, wanted]) =>
      typeof wanted === 'object' && wanted !== null && '$gte' in wanted ? String(row[name]) >= String(wanted.$gte) : row[name] === wanted,
    );
  const columns = Object.keys($sort);
  const compare = (a: ODataRow, b: ODataRow) => {
    const column = columns.find((name) => a[name] !== b[name]);
    return column === undefined ? 0 : String(a[column]) < String(b[column]) ? -1 : 1;
  };
  return rows.filter(fits).toSorted(compare);
}
