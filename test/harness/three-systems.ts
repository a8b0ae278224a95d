// The same customers in PostgreSQL, in an Excel sheet and in an app with an API, edited by each system's own tools.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { findOpenpyxl } from '../../main/app/setup/openpyxl.ts';
import { decisionTable } from '../../main/store/tables/queries/decisions.ts';
import type { PostgresServer } from './postgres.ts';
import { createPlace } from './workspace.ts';

export interface Customer {
  readonly code: string;
  readonly name: string;
  readonly city: string | null;
}

/** The app, as its own users see it. */
export interface App {
  readonly connection: unknown;
  readonly endpoint: { readonly dataset: string; readonly key: readonly string[] };
  customers(): Promise<readonly Customer[]>;
  add(customer: Customer): Promise<void>;
  change(code: string, changes: Partial<Customer>): Promise<void>;
  remove(code: string): Promise<void>;
}

const script = `
import json, sys, openpyxl
path, work = sys.argv[1], json.loads(sys.argv[2])
book = openpyxl.load_workbook(path) if work['kind'] != 'make' else openpyxl.Workbook()
sheet = book.active
def row_of(code):
    return next(row for row in sheet.iter_rows(min_row=2) if row[1].value == code)
if work['kind'] == 'make':
    sheet.title = 'Customers'
    sheet.append(['Nr', 'Code', 'Name', 'City'])
if work['kind'] == 'change':
    for name, value in work['changes'].items():
        row_of(work['code'])[{'name': 2, 'city': 3}[name]].value = value
if work['kind'] == 'add':
    sheet.append([work['nr'], work['code'], work['name'], work['city']])
if work['kind'] == 'remove':
    sheet.delete_rows(row_of(work['code'])[0].row)
if work['kind'] != 'look':
    book.save(path)
print(json.dumps([[cell.value for cell in row[1:4]] for row in sheet.iter_rows(min_row=2) if row[1].value is not None]))
`;

async function openpyxl(path: string, work: object): Promise<readonly Customer[]> {
  const python = await findOpenpyxl();
  if (python === undefined)
    throw new Error('openpyxl is not installed. On Debian: apt-get install -y --no-install-recommends python3-openpyxl');
  const { stdout } = await promisify(execFile)(python, ['-c', script, path, JSON.stringify(work)]);
  return (JSON.parse(stdout) as [string, string, string | null][]).map(([code, name, city]) => ({ code, name, city }));
}

function configurationFor(hub: PostgresServer, app: App) {
  return {
    connections: {
      hub: { connector: 'postgres', config: { host: hub.host, port: hub.port, database: 'postgres', user: hub.user } },
      sheet: { connector: 'excel', config: { path: 'customers.xlsx' } },
      app: app.connection,
    },
    syncs: {
      customers: {
        title: 'Customers',
        record: { fields: { code: { type: 'text' }, name: { type: 'text' }, city: { type: 'text' } } },
        match: ['code'],
        policies: { default: ['manual'] },
        limits: { deletes: { count: 10, share: 0.5 } },
        endpoints: {
          hub: { connection: 'hub', dataset: 'public.customers', key: ['id'], fields: { code: 'code', name: 'name', city: 'city' } },
          sheet: {
            connection: 'sheet',
            dataset: 'Customers',
            key: ['Nr'],
            newKey: 'next',
            fields: { code: 'Code', name: 'Name', city: 'City' },
          },
          app: { connection: 'app', ...app.endpoint, fields: { code: 'code', name: 'name', city: 'city' } },
        },
      },
    },
  };
}

/** Edits made everywhere arrive everywhere, a conflict waits for a person and its decision arrives everywhere, and then there is peace. */
export async function keepThreeAlike(hub: PostgresServer, app: App): Promise<void> {
  await hub.sql(`DROP TABLE IF EXISTS customers; CREATE TABLE customers (id bigserial PRIMARY KEY, code text NOT NULL, name text, city text);
    INSERT INTO customers (code, name, city) SELECT 'C-' || i, 'Customer ' || i, CASE WHEN i % 3 = 0 THEN NULL ELSE 'City ' || i END FROM generate_series(1, 40) i`);
  await using place = await createPlace({ connections: {}, syncs: {} }, {});
  const path = place.path('customers.xlsx');
  await openpyxl(path, { kind: 'make' });
  await place.configure(configurationFor(hub, app));

  const sorted = (customers: readonly Customer[]) => customers.map(({ code, name, city }) => `${code}|${name}|${city ?? ''}`).toSorted();
  const views = async () => ({
    hub: sorted((await hub.sql('SELECT code, name, city FROM customers')) as unknown as readonly Customer[]),
    sheet: sorted(await openpyxl(path, { kind: 'look' })),
    app: sorted(await app.customers()),
  });
  const expectAlike = async () => {
    const seen = await views();
    expect(seen.sheet).toEqual(seen.hub);
    expect(seen.app).toEqual(seen.hub);
    return seen.hub;
  };
  const sync = async () => {
    const run = await place.run('customers');
    expect([run.status, run.problem]).toEqual(['complete', undefined]);
  };
  const expectPeace = async () => {
    const { operations, conflicts, withheld, skipped } = await place.plan('customers');
    expect({ operations, conflicts, withheld, skipped }).toEqual({ operations: [], conflicts: [], withheld: [], skipped: [] });
    expect((await place.workspace.verify('customers')).equal).toBe(true);
  };

  await sync();
  expect(await expectAlike()).toHaveLength(40);
  await expectPeace();

  await hub.sql(`UPDATE customers SET name = 'By SQL' WHERE code = 'C-1'; DELETE FROM customers WHERE code = 'C-2';
    INSERT INTO customers (code, name) VALUES ('C-41', 'New in SQL')`);
  await openpyxl(path, { kind: 'change', code: 'C-1', changes: { city: 'By Excel' } });
  await openpyxl(path, { kind: 'remove', code: 'C-3' });
  await openpyxl(path, { kind: 'add', nr: 900, code: '00042', name: 'New in Excel', city: null });
  await app.change('C-4', { name: 'By the app 🚀', city: null });
  await app.remove('C-5');
  await app.add({ code: 'C-43', name: 'New in the app', city: 'Å' });
  await sync();
  const after = await expectAlike();
  for (const line of ['C-1|By SQL|By Excel', 'C-41|New in SQL|', '00042|New in Excel|', 'C-4|By the app 🚀|', 'C-43|New in the app|Å'])
    expect(after).toContain(line);
  for (const code of ['C-2', 'C-3', 'C-5']) expect(after.some((line) => line.startsWith(`${code}|`))).toBe(false);
  await expectPeace();

  await hub.sql("UPDATE customers SET name = 'Hub says' WHERE code = 'C-7'");
  await openpyxl(path, { kind: 'change', code: 'C-7', changes: { name: 'Sheet says' } });
  await app.change('C-7', { city: 'App says' });
  await place.run('customers');
  const { db } = place.workspace;
  const [open, ...others] = db.prepare<[], number>("SELECT id FROM conflict WHERE state = 'open'").pluck().all();
  if (open === undefined) throw new Error('no conflict waits');
  expect(others).toEqual([]);
  const waiting = await views();
  expect(waiting.hub).toContain('C-7|Hub says|App says');
  expect(waiting.sheet).toContain('C-7|Sheet says|App says');
  const seen = { hub: 'Hub says', sheet: 'Sheet says' };
  decisionTable(db).choose(open, 'name', { value: 'Sheet says', taken: 'sheet', by: 'steward', seen }, Date.now());
  await sync();
  expect(await expectAlike()).toContain('C-7|Sheet says|App says');
  await expectPeace();
}
