// The ready declaration for NocoDB, against a real one.
import { afterAll, beforeAll } from 'vitest';
import type { NocoDb } from './nocodb-server.ts';
import { longText, startNocoDb } from './nocodb-server.ts';
import { describeOwnKeys } from './own-keys.ts';
import type { OwnPlace } from './own-keys.ts';

let nocodb: NocoDb;

beforeAll(async () => {
  nocodb = await startNocoDb();
});
afterAll(() => nocodb[Symbol.asyncDispose]());

interface Row {
  readonly Id: number;
  readonly name: string;
  readonly note: string | null;
}

async function createPlace(): Promise<OwnPlace> {
  const mood = { column_name: 'mood', title: 'mood', uidt: 'SingleSelect', colOptions: { options: [{ title: 'good' }, { title: 'bad' }] } };
  const dataset = await nocodb.createTable([longText('name'), longText('note'), mood]);
  const records = `/api/v2/tables/${dataset}/records`;
  return {
    dataset,
    async add(rows) {
      for (let from = 0; from < rows.length; from += 100) await nocodb.ask(records, 'POST', rows.slice(from, from + 100));
    },
    rows: async () =>
      (await nocodb.ask<{ list: Row[] }>(`${records}?limit=1000&sort=Id`)).list.map(({ Id, name, note }) => ({
        key: String(Id),
        name,
        note,
      })),
    remove: (key) => nocodb.ask(records, 'DELETE', { Id: Number(key) }),
  };
}

const system = () => ({
  ...nocodb,
  config: { declaration: 'nocodb', variables: { base: nocodb.base }, types: {}, insecure: false },
  secret: nocodb.token,
  createPlace,
});

describeOwnKeys('NocoDB 0.301.3', system, { secretName: 'apiKey', key: 'Id', strangeKeys: ['02', '99999', 'abc', ''], takesLists: true });
