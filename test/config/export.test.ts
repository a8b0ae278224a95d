// A configuration that is written as files reads the same; what stands in the files already stays as somebody wrote it.
import { readFile, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectors as ready } from '../../connectors/registry.ts';
import { explain } from '../../main/config/explain.ts';
import { exportConfiguration } from '../../main/config/export.ts';
import { goneWith } from '../../main/config/gone.ts';
import { loadFolder, type Configuration } from '../../main/config/load.ts';
import { normaliseSync } from '../../main/config/normalise.ts';
import { keepConnections } from '../../main/config/relocate.ts';
import { syncSchema } from '../../main/config/schema.ts';
import { parseSource } from '../../main/config/source.ts';
import { writtenSync } from '../../main/config/spelling.ts';
import { changedYaml, yamlText } from '../../main/config/yaml-text.ts';
import { changeMappings } from '../../main/config/write-sync.ts';
import { damaged } from './damaged.ts';
import { connectors, edited, folderOf, load, refusals, valid, type Files } from './folder.ts';

const all = Object.fromEntries(ready);

const files = async (folder: string): Promise<Files> => {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const texts = names.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name);
    return [path.slice(folder.length + 1), await readFile(path, 'utf8')] as const;
  });
  return Object.fromEntries((await Promise.all(texts)).toSorted(([a], [b]) => (a < b ? -1 : 1)));
};

/** The lines that only one of two texts has. */
function difference(before: string, after: string): readonly string[] {
  const lines = (text: string) => text.split('\n');
  return [
    ...lines(before)
      .filter((line) => !lines(after).includes(line))
      .map((line) => `- ${line.trim()}`),
    ...lines(after)
      .filter((line) => !lines(before).includes(line))
      .map((line) => `+ ${line.trim()}`),
  ];
}

/** The folder's configuration with one mapping of the shop changed. */
async function remapped(folder: string, field: string, column: string): Promise<Configuration> {
  const before = await loadFolder(folder, connectors);
  const mappings = Object.entries(before.syncs['customers']?.endpoints['shop']?.fields ?? {}).map(([name, mapping]) => ({
    field: name,
    ...mapping,
    ...(name === field ? { column } : {}),
  }));
  return changeMappings(before, 'customers', [{ name: 'shop', mappings }], connectors);
}

const mapped = (column: string) => ({ column, direction: 'both', blank: 'propagate', format: {}, values: {} }) as const;

/** A path of the configuration as one in the folder has it. */
const relativeTo = (folder: string, configuration: Configuration, path: string): string =>
  relative(folder, join(configuration.folder, path));

/** What the text of a sync's file means; undefined where it is none. */
function meaningOf(text: string) {
  const { source, issues } = parseSource('syncs/customers.yaml', text);
  const { value } = issues.length > 0 ? { value: undefined } : explain(syncSchema, source.data);
  return value === undefined ? undefined : { written: source.data, meaning: normaliseSync('customers', value, {}) };
}

describe('a configuration that is written', () => {
  it('into an empty folder reads the same, in few words, and says the same when it is written again', async () => {
    const configuration = await load(valid);
    const folder = join(folderOf({}), 'new');
    const { written, kept, others } = await exportConfiguration(configuration, folder, connectors);
    expect(written).toEqual(['kanto.yaml', 'connections/crm.yaml', 'connections/shop.yaml', 'syncs/customers.yaml']);
    expect([kept, others]).toEqual([[], []]);
    const first = await files(folder);
    expect(first['syncs/customers.yaml']).toBe(`record:
  fields:
    email: { type: text, normal: [trim, lowercase] }
    balance: { type: decimal, scale: 2 }
    since: { type: date }
    tags: { type: list, of: text }
    status: { type: enum, values: [active, closed] }
match: [email]
endpoints:
  shop:
    connection: shop
    dataset: shop
    key: [id]
    fields:
      email: E-Mail
      balance: { column: Balance, format: { decimal: ",", group: "." } }
      since: { column: Since, format: dd.MM.yyyy }
      status: { column: St, values: { A: active, C: closed } }
  crm:
    connection: crm
    dataset: people
    key: [id]
    modified: at
    fields: { email: mail, balance: saldo, tags: labels }
`);
    expect(await exportConfiguration(configuration, folder, connectors)).toEqual({ folder, written: [], kept: written, others: [] });
    expect(await files(folder)).toEqual(first);
  });

  it('goes on naming the same files when the folder is another one; what is no file of ours keeps its name', async () => {
    const full = join(folderOf({}), 'elsewhere.csv');
    const from = folderOf({
      'kanto.yaml': 'name: Test\n',
      'connections/shop.yaml': 'connector: csv\nconfig: { path: data/shop.csv }\n',
      'connections/full.yaml': `connector: csv\nconfig: { path: ${JSON.stringify(full)} }\n`,
      'connections/crm.yaml':
        'connector: rest\nconfig: { declaration: directus, baseUrl: "https://crm.example.org" }\nsecrets: { token: crm }\n',
      'connections/own.yaml': 'connector: rest\nconfig: { declaration: own/api.yaml, baseUrl: "https://own.example.org" }\n',
      'connections/hub.yaml': 'connector: sftp\nconfig: { host: hub, user: ann, path: in/shop.csv, format: csv, privateKey: keys/id }\n',
    });
    const configuration = await loadFolder(from, all);
    const folder = join(from, 'deep/er');
    await exportConfiguration(configuration, folder, all);
    const texts = await files(folder);
    expect(texts['connections/shop.yaml']).toBe('connector: csv\nconfig: { path: ../../data/shop.csv }\n');
    expect(texts['connections/full.yaml']).toBe(`connector: csv\nconfig: { path: ${full} }\n`);
    expect(texts['connections/crm.yaml']).toContain('declaration: directus');
    expect(texts['connections/own.yaml']).toContain('declaration: ../../own/api.yaml');
    expect(texts['connections/hub.yaml']).toContain('path: in/shop.csv');
    expect(texts['connections/hub.yaml']).toContain('privateKey: ../../keys/id');
  });

  it('keeps every line that somebody wrote and that still holds, comments and columns included', async () => {
    const text = `# Whose mail it is.
title:   Customers # as people say
${(valid['syncs/customers.yaml'] ?? '').replace('      email: E-Mail', '      # The address that people typed.\n      email:   E-Mail   # never empty')}
policies:
  default: [ newest ]   # the later one
`;
    const of = { ...valid, 'syncs/customers.yaml': text, 'README.md': 'ours' };
    const folder = folderOf(of);
    const one = await exportConfiguration(await remapped(folder, 'email', 'Mail'), folder, connectors);
    expect(one.written).toEqual(['syncs/customers.yaml']);
    const after = await files(folder);
    expect(difference(text, after['syncs/customers.yaml'] ?? '')).toEqual([
      '- email:   E-Mail   # never empty',
      '+ email:   Mail   # never empty',
    ]);
    expect({ ...after, 'syncs/customers.yaml': text }).toEqual(of);

    const sync = (await loadFolder(folder, connectors)).syncs['customers'];
    if (sync === undefined) throw new Error('there is a sync');
    const { since: _since, ...record } = sync.record.fields;
    const { since: _gone, ...fields } = sync.endpoints['shop']?.fields ?? {};
    const changed: Configuration = {
      ...(await loadFolder(folder, connectors)),
      syncs: {
        customers: {
          ...sync,
          record: { fields: { ...record, note: { type: 'text', class: 'personal' } } },
          endpoints: {
            ...sync.endpoints,
            shop: {
              ...(sync.endpoints['shop'] as NonNullable<(typeof sync.endpoints)[string]>),
              fields: { ...fields, note: mapped('Note\nto "us"') },
            },
          },
          sentinels: { shop: [['007']] },
        },
      },
    };
    await exportConfiguration(changed, folder, connectors);
    expect(difference(after['syncs/customers.yaml'] ?? '', (await files(folder))['syncs/customers.yaml'] ?? '')).toEqual([
      '- since: { type: date }',
      '- since: { column: Since, format: dd.MM.yyyy }',
      '+ note: { type: text, class: personal }',
      '+ note: |-',
      '+ Note',
      '+ to "us"',
      '+ sentinels:',
      '+ shop: ["007"]',
    ]);
  });

  it('takes the defaults of the folder into account, and leaves what is not its own', async () => {
    const folder = folderOf({
      ...valid,
      'kanto.yaml': 'name: Other\ndefaults: { presence: update, policies: [newest] } # ours\n',
      'syncs/old.yaml': valid['syncs/customers.yaml'] ?? '',
    });
    const configuration = { ...(await load(edited('match: [email]', 'match: [email]\npresence: update'))), folder };
    const { written, kept, others } = await exportConfiguration(configuration, folder, connectors);
    expect([written, kept, others]).toEqual([
      ['kanto.yaml', 'syncs/customers.yaml'],
      ['connections/crm.yaml', 'connections/shop.yaml'],
      ['syncs/old.yaml'],
    ]);
    const texts = await files(folder);
    expect(texts['kanto.yaml']).toBe('name: Test\ndefaults: { presence: update, policies: [newest] } # ours\n');
    // Without it the folder's default would hold.
    expect(texts['syncs/customers.yaml']).toContain('policies:\n  default: [manual]\n');
    expect((await loadFolder(folder, connectors)).syncs['customers']).toEqual(configuration.syncs['customers']);
  });

  it('is JSON where the file is, and new where parts of a text stand for each other', async () => {
    const json = { connector: 'csv', config: { path: 'data/old.csv' } };
    const { 'connections/shop.yaml': _shop, ...rest } = valid;
    const folder = folderOf({
      ...rest,
      'connections/shop.json': JSON.stringify(json),
      'connections/crm.yaml': 'connector: &which sqlite\nconfig: { path: *which }\n',
    });
    const configuration = await load(valid);
    await exportConfiguration(configuration, folder, connectors);
    const texts = await files(folder);
    expect(JSON.parse(texts['connections/shop.json'] ?? '')).toEqual({
      connector: 'csv',
      config: { path: relativeTo(folder, configuration, 'data/shop.csv') },
    });
    expect(texts['connections/crm.yaml']).not.toContain('*');
    expect(Object.keys(texts)).toHaveLength(4);
  });

  it('is refused where the folder holds something that is wrong or a place cannot be written, and nothing there is lost', async () => {
    const configuration = await load(valid);
    const wrong = { ...valid, 'syncs/customers.yaml': 'record: {}\n' };
    expect(await refusals(wrong)).not.toEqual([]);
    const folder = folderOf(wrong);
    await expect(exportConfiguration(configuration, folder, connectors)).rejects.toMatchObject({ code: 'config-invalid' });
    expect(await files(folder)).toEqual(wrong);

    const blocked = folderOf({ connections: 'a file' });
    await expect(exportConfiguration(configuration, blocked, connectors)).rejects.toMatchObject({
      code: 'export-failed',
      message: expect.stringContaining('connections') as string,
    });
    expect((await files(blocked))['connections']).toBe('a file');
  });

  it('means the same in its shortest spelling, whatever it says (generated)', () => {
    fc.assert(
      fc.property(damaged, damaged, (one, other) => {
        const [before, after] = [meaningOf(one), meaningOf(other)];
        if (before === undefined || after === undefined) return;
        const spelling = writtenSync('customers', after.meaning, {});
        expect(meaningOf(yamlText(spelling as Readonly<Record<string, unknown>>))?.meaning).toEqual(after.meaning);
        const change = { written: before.written, meant: before.meaning, meaning: after.meaning, spelling };
        const ways = changedYaml(one, change);
        const hits = ways.filter((way) => isDeepStrictEqual(meaningOf(way)?.meaning, after.meaning));
        if (!/[&*]/.test(one)) expect(hits.length, `${one}\n=>\n${other}`).toBeGreaterThan(0);
        expect(changedYaml(one, { ...change, meaning: before.meaning })[0] ?? one).toBe(one);
      }),
      { numRuns: 600 },
    );
  });
});

describe('a new revision', () => {
  it('says what it no longer has', async () => {
    const before = await load(valid);
    const after: Configuration = {
      ...before,
      connections: { shop: before.connections['shop'] as (typeof before.connections)[string] },
      syncs: {},
    };
    expect(goneWith(before, after)).toEqual(['connection crm', 'sync customers']);
    expect(goneWith(after, before)).toEqual([]);
  });

  it('with the sample keeps the connections that were there, under another name where theirs is taken', async () => {
    const mine = await load(valid);
    const theirs = await load(valid);
    const both = keepConnections(theirs, mine, connectors);
    expect(Object.keys(both.connections)).toEqual(['crm', 'shop', 'crm-2', 'shop-2']);
    expect(both.connections['shop']).toEqual(theirs.connections['shop']);
    expect(both.connections['shop-2']?.config['path']).toBe(relativeTo(theirs.folder, mine, 'data/shop.csv'));
  });
});
