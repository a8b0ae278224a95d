// The mapping editor's questions, and connections, on real files.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FieldMapping } from '../../preload/contract/syncs.ts';
import type { TestPlace } from '../harness/workspace.ts';
import { apiOf, twoPlaces } from './api.ts';
import type { Api } from './api.ts';

const mapping = (field: string, column: string, more: Partial<FieldMapping> = {}): FieldMapping => ({
  field,
  column,
  direction: 'both',
  blank: 'propagate',
  format: {},
  values: {},
  ...more,
});

describe('a mapping', () => {
  let place: TestPlace;
  let api: Api;
  beforeEach(async () => {
    place = await twoPlaces();
    await place.run('customers');
    api = apiOf(place);
  });
  afterEach(() => place[Symbol.asyncDispose]());

  it('is shown with columns, samples and what was detected', async () => {
    const shown = await api.ask('mapping.get', { sync: 'customers' });
    expect(shown).toMatchObject({ sync: 'customers', title: 'Customers', revision: 1, records: 4 });
    expect(shown.fields.map((field) => [field.name, field.kind, field.isMatch, field.sample])).toEqual([
      ['email', 'text', true, 'ann@example.org'],
      ['name', 'text', false, 'Ann'],
      ['city', 'text', false, 'Oslo'],
      ['balance', 'decimal', false, '10.00'],
    ]);
    const shop = shown.endpoints.find((one) => one.endpoint.name === 'shop');
    expect(shop?.columns.map((column) => [column.name, column.sample, column.isKey])).toEqual([
      ['id', '1', true],
      ['mail', 'ann@example.org', false],
      ['full name', 'Ann', false],
      ['city', 'Oslo', false],
      ['balance', '10.00', false],
    ]);
    expect(shop?.mappings).toContainEqual(mapping('name', 'full name'));
    expect(shop?.detected.length).toBeGreaterThan(0);
  });

  it('is tried on real cells before it is published', async () => {
    const tried = await api.ask('mapping.try', {
      sync: 'customers',
      endpoint: 'shop',
      mappings: [mapping('balance', 'balance'), mapping('balance', 'full name')],
      rows: 3,
    });
    expect(tried.fields).toEqual([
      { field: 'balance', total: 3, same: 3, lossy: 0, refused: 0 },
      { field: 'balance', total: 3, same: 0, lossy: 0, refused: 3 },
    ]);
    const { steps } = await api.ask('mapping.samples', {
      sync: 'customers',
      endpoint: 'shop',
      mapping: mapping('balance', 'balance'),
      rows: 2,
    });
    expect(steps).toEqual([
      { native: '10.00', record: '10.00', written: '10.00', again: '10.00', verdict: 'same' },
      { native: '20.50', record: '20.50', written: '20.50', again: '20.50', verdict: 'same' },
    ]);
    const asked = { sync: 'customers', endpoint: 'shop', rows: 2 };
    expect(await api.refusal('mapping.samples', { ...asked, mapping: mapping('nothing', 'balance') })).toMatchObject({
      code: 'invalid-input',
    });
    expect(await api.refusal('mapping.samples', { ...asked, mapping: mapping('name', 'nothing') })).toMatchObject({
      code: 'invalid-input',
    });
    const wrong = await api.refusal('mapping.samples', {
      ...asked,
      mapping: mapping('balance', 'balance', { format: { pattern: 'yyyy' } }),
    });
    expect(wrong.message).toContain('balance');
  });

  it('becomes the next revision, once', async () => {
    const without = [mapping('email', 'mail'), mapping('name', 'full name'), mapping('balance', 'balance')];
    const publish = { sync: 'customers', revision: 1, endpoints: [{ name: 'shop', mappings: without }] };
    expect(await api.ask('mapping.publish', publish)).toEqual({ revision: 2 });
    expect(await api.refusal('mapping.publish', publish)).toMatchObject({ code: 'moved' });
    const suggested = await api.ask('mapping.suggest', { sync: 'customers', endpoint: 'shop' });
    expect(suggested).toMatchObject([{ field: 'city', column: 'city' }]);
    const bad = {
      ...publish,
      revision: 2,
      endpoints: [
        {
          name: 'shop',
          mappings: [mapping('email', 'mail'), mapping('name', 'full name', { direction: 'both', format: { pattern: 'yyyy' } })],
        },
      ],
    };
    const refused = await api.refusal('mapping.publish', bad);
    expect(refused).toMatchObject({ code: 'invalid-input', message: expect.stringContaining('name ↔ full name') });
    const unmatched = await api.refusal('mapping.publish', {
      ...publish,
      revision: 2,
      endpoints: [{ name: 'shop', mappings: [mapping('name', 'full name')] }],
    });
    expect(unmatched).toMatchObject({ code: 'config-invalid', message: expect.stringContaining('email') });
    expect((await api.ask('syncs.get', { id: 'customers' })).revisions.map((one) => one.revision)).toEqual([2, 1]);
  });
});

describe('connections', () => {
  it('say what they can, and are tested', async () => {
    await using place = await twoPlaces();
    const api = apiOf(place);
    const list = await api.ask('connections.list', {});
    expect(list.map((one) => [one.id, one.connector, one.target, one.usedBy])).toEqual([
      ['ledger', 'sqlite', 'ledger.db', [{ sync: 'customers', endpoint: 'ledger' }]],
      ['shop', 'csv', 'shop.csv', [{ sync: 'customers', endpoint: 'shop' }]],
    ]);
    const test = await api.ask('connections.test', { id: 'shop' });
    expect(test).toMatchObject({ ok: true, datasets: [{ name: 'shop', kind: 'file', columns: 5 }] });
    expect(test.details.length).toBeGreaterThan(0);
    expect(await api.ask('connections.datasets', { id: 'shop' })).toEqual([{ name: 'shop', kind: 'file' }]);
    const inside = await api.ask('connections.look', { id: 'shop', dataset: 'shop' });
    expect(inside.columns.map(({ name, isKey }) => [name, isKey])).toContainEqual(['id', false]);
    expect(inside.rows[0]?.slice(0, 2)).toEqual(['1', 'ann@example.org']);
    expect(await api.ask('connections.look', { id: 'ledger', dataset: 'people' })).toMatchObject({
      columns: [{ name: 'nr', isKey: true }, {}, {}, {}, {}],
    });
    expect(await api.refusal('connections.look', { id: 'ledger', dataset: 'peple' })).toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('people'),
    });
    await place.configure({
      connections: { gone: { connector: 'csv', config: { path: 'gone.csv' } } },
      syncs: {},
    });
    const gone = await api.ask('connections.test', { id: 'gone' });
    expect(gone).toMatchObject({ ok: false, problem: { code: 'not-found' }, datasets: [] });
    expect(await api.refusal('connections.test', { id: 'nothing' })).toMatchObject({ code: 'unknown-connection' });
  });
});
