// The smallest real sync of the tests: a shop's CSV and a ledger's SQLite table of customers.
import type { TestConfiguration } from './workspace.ts';

export const shopColumns = 'id,mail,full name,city,balance';

export function customers(
  overrides: Readonly<Record<string, unknown>> = {},
  endpoints: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
): TestConfiguration {
  return {
    connections: {
      shop: { connector: 'csv', config: { path: 'shop.csv' } },
      ledger: { connector: 'sqlite', config: { path: 'ledger.db' } },
    },
    syncs: {
      customers: {
        title: 'Customers',
        record: {
          fields: {
            email: { type: 'text', normal: ['trim', 'lowercase'] },
            name: { type: 'text' },
            city: { type: 'text' },
            balance: { type: 'decimal', scale: 2 },
          },
        },
        match: ['email'],
        first: ['fill', 'manual'],
        policies: { default: ['manual'] },
        endpoints: {
          shop: {
            connection: 'shop',
            dataset: 'shop',
            key: ['id'],
            newKey: 'next',
            fields: { email: 'mail', name: 'full name', city: 'city', balance: 'balance' },
            ...endpoints['shop'],
          },
          ledger: {
            connection: 'ledger',
            dataset: 'people',
            key: ['nr'],
            fields: { email: 'email', name: 'name', city: 'town', balance: 'saldo' },
            ...endpoints['ledger'],
          },
        },
        ...overrides,
      },
    },
  };
}

export const ledgerTable = 'CREATE TABLE people (nr INTEGER PRIMARY KEY, email TEXT, name TEXT, town TEXT, saldo TEXT)';

export const shopFile = `${shopColumns}\n1,ann@example.org,Ann,Oslo,10.00\n2,bob@example.org,Bob,Rome,20.50\n3,cy@example.org,Cy,Kyiv,0.00\n`;
