// From configuration to the core's model, the hashes that a stored base rests on, the examples, and the editor's changes.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { jsonSchemas, writeJsonSchemas } from '../../main/config/json-schema.ts';
import { mappingHashes, toModel } from '../../main/config/model.ts';
import type { SyncConfig } from '../../main/config/schema.ts';
import { runExamples } from '../../main/config/tests.ts';
import { changeMappings } from '../../main/config/write-sync.ts';
import { connectors, edited, load, valid } from './folder.ts';

const facts = {
  shop: { tellsNullFromEmpty: false, textual: true, maxLengths: {}, canWrite: ['create', 'update'] },
  crm: { tellsNullFromEmpty: true, textual: false, maxLengths: { mail: 5 }, canWrite: ['create', 'update', 'delete'] },
} as const;

async function customers(files = valid): Promise<SyncConfig> {
  const { syncs } = await load(files);
  const sync = syncs.customers;
  if (sync === undefined) throw new Error('The configuration of the tests has no customers.');
  return sync;
}

const withText = (text: string) => edited('labels } }\n', `labels } }\n${text}\n`);

describe('the model', () => {
  it('has lenses that read and write as the mappings say', async () => {
    const { endpoints } = toModel('customers', await customers(), facts);
    const [shop, crm] = endpoints;
    expect(shop?.lenses.balance?.read('1.234,50')).toEqual({ ok: true, value: '1234.50' });
    expect(shop?.lenses.since?.write('2020-02-29')).toEqual({ ok: true, native: '29.02.2020' });
    expect(shop?.lenses.status?.read('A')).toEqual({ ok: true, value: 'active' });
    expect(crm?.lenses.email?.image('bob@x.org')).toEqual({ ok: true, value: 'bob@x' });
  });

  it('allows only what the place can do and the sync may do', async () => {
    const { endpoints } = toModel(
      'customers',
      await customers(edited('dataset: shop', 'dataset: shop\n    allow: [update, delete]')),
      facts,
    );
    expect(endpoints.map((endpoint) => endpoint.allow)).toEqual([['update'], ['create', 'update', 'delete']]);
  });

  it('makes plain merge definite by type, and leaves it out of the default where the type has none', async () => {
    const { fields } = toModel(
      'customers',
      await customers(withText('policies: { default: [merge, newest], status: [{ priority: [crm, shop] }] }')),
      facts,
    );
    const policies = Object.fromEntries(fields.map((field) => [field.name, field.policies]));
    expect(policies.tags).toEqual([{ kind: 'merge', how: 'union' }, { kind: 'newest' }, { kind: 'manual' }]);
    expect(policies.since).toEqual([{ kind: 'newest' }, { kind: 'manual' }]);
    expect(policies.status).toEqual([{ kind: 'priority', order: ['crm', 'shop'] }, { kind: 'manual' }]);
  });

  it('knows durations', async () => {
    expect(toModel('customers', await customers(withText('limits: { skew: 1.5m }')), facts).skewMs).toBe(90_000);
  });
});

describe('hashes of a mapping', () => {
  it('stay the same when only order, policy or direction change', async () => {
    const before = mappingHashes(await customers(), 'shop');
    const reordered = await customers(
      edited('format: { decimal: ",", group: "." }', 'format: { group: ".", decimal: "," }, direction: read, blank: ask'),
    );
    expect(mappingHashes(reordered, 'shop')).toEqual(before);
    expect(mappingHashes(await customers(withText('policies: { default: [newest] }')), 'shop')).toEqual(before);
  });

  it.each([
    ['the column', 'column: Balance', 'column: Saldo', 'balance'],
    ['the format', 'decimal: ",", group: "."', 'decimal: ","', 'balance'],
    ['the scale', 'scale: 2', 'scale: 3', 'balance'],
    ['the normal form', '[trim, lowercase]', '[trim]', 'email'],
    ['the table of values', 'A: active', 'B: active', 'status'],
  ])('change for one field with %s', async (_, from, to, field) => {
    const before = mappingHashes(await customers(), 'shop');
    const after = mappingHashes(await customers(edited(from, to)), 'shop');
    expect(Object.keys(after.fields).filter((name) => after.fields[name] !== before.fields[name])).toEqual([field]);
    expect([after.key, after.filter]).toEqual([before.key, before.filter]);
  });

  it('change for the endpoint with its key and its filter', async () => {
    const before = mappingHashes(await customers(), 'crm');
    expect(mappingHashes(await customers(edited('dataset: people, key: [id]', 'dataset: people, key: [nr]')), 'crm').key).not.toBe(
      before.key,
    );
    expect(mappingHashes(await customers(edited('dataset: people,', 'dataset: people, where: "a = 1",')), 'crm').filter).not.toBe(
      before.filter,
    );
  });
});

describe('examples', () => {
  const isText = (endpoint: string) => endpoint === 'shop';

  it('that hold say nothing', async () => {
    const text =
      'tests: [{ at: shop, read: { E-Mail: " Bob@X.org ", Balance: "1.234,50" }, record: { email: bob@x.org, balance: "1234.50" }, write: { Balance: "1.234,50" } }]';
    expect(runExamples(await customers(withText(text)), isText)).toEqual([]);
  });

  it.each([
    ['another value', 'read: { Balance: "1,00" }, record: { balance: "2.00" }', 'balance is "1.00", and "2.00" was expected'],
    ['an unreadable cell', 'read: { Since: 31.02.2020 }, record: {}', 'Since cannot be read: not a date: 31.02.2020'],
    [
      'another cell written',
      'read: { Since: 29.02.2020 }, record: { since: "2020-02-29" }, write: { Since: "1.1.2020" }',
      'Since would be "29.02.2020", and "1.1.2020" was expected',
    ],
    [
      'an expected field without its column',
      'read: {}, record: { email: a }',
      'email is expected, but its column "E-Mail" is not in "read"',
    ],
    ['a value that is not canonical', 'read: { Since: 29.02.2020 }, record: { since: 29.02.2020 }', 'since is not in canonical form'],
  ])('say %s in words', async (_, test, expected) => {
    const failures = runExamples(await customers(withText(`tests: [{ at: shop, ${test} }]`)), isText);
    expect(failures.map((failure) => failure.message)).toEqual([expect.stringContaining(expected)]);
  });
});

describe('an editor', () => {
  const mapping = { field: 'email', column: 'mail', direction: 'both', blank: 'propagate', format: {}, values: {} } as const;

  it('replaces the mappings of one endpoint and leaves the others', async () => {
    const before = await load(valid);
    const after = changeMappings(before, 'customers', [{ name: 'crm', mappings: [mapping] }], connectors);
    expect(Object.keys(after.syncs.customers?.endpoints.crm?.fields ?? {})).toEqual(['email']);
    expect(after.syncs.customers?.endpoints.shop).toEqual(before.syncs.customers?.endpoints.shop);
  });

  it('is refused with the name of the field', async () => {
    const before = await load(valid);
    const change = () =>
      changeMappings(
        before,
        'customers',
        [{ name: 'crm', mappings: [mapping, { ...mapping, field: 'since', column: 'd', format: { pattern: 'dd' } }] }],
        connectors,
      );
    expect(change).toThrow('syncs.customers.endpoints.crm.fields.since.format: pattern dd needs yyyy, MM and dd');
  });
});

describe('JSON Schema', () => {
  it('is written for the three kinds of files and refuses unknown keys', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kanto-schema-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    expect(await writeJsonSchemas(folder, connectors)).toEqual(['kanto.schema.json', 'connection.schema.json', 'sync.schema.json']);
    const sync = JSON.parse(readFileSync(join(folder, 'sync.schema.json'), 'utf8')) as {
      additionalProperties: boolean;
      properties: Record<string, unknown>;
      required: string[];
    };
    expect(sync.additionalProperties).toBe(false);
    expect(sync.required).toEqual(['record', 'endpoints']);
    expect(Object.keys(sync.properties)).toEqual(expect.arrayContaining(['match', 'endpoints', 'policies', 'tests']));
  });

  it('completes the configuration of each connector', () => {
    const { anyOf } = jsonSchemas(connectors)['connection.schema.json'] as {
      anyOf: { properties: { connector: { const: string }; config: { required: string[] } } }[];
    };
    expect(anyOf.map(({ properties }) => [properties.connector.const, properties.config.required])).toEqual([
      ['csv', ['path']],
      ['sqlite', ['path']],
    ]);
  });
});
