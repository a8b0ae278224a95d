// Loading a configuration folder: short forms expanded, and every mistake told with its place and the name that was probably meant.
import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfiguration } from '../../main/config/load.ts';
import { connectors, edited, load, refusals, valid } from './folder.ts';

describe('a valid folder', () => {
  it('comes with short forms expanded and defaults filled in', async () => {
    const { name, syncs } = await load(valid);
    expect(name).toBe('Test');
    expect(syncs.customers).toMatchObject({
      title: 'customers',
      first: ['fill', 'manual'],
      policies: { default: ['manual'] },
      presence: 'manual',
      limits: { deletes: { count: 10, share: 0.05 }, updates: { count: 1000, share: 0.5 }, skew: '5s' },
      endpoints: {
        shop: {
          changes: 'auto',
          deletes: 'propagate',
          absentScans: 1,
          fields: {
            email: { column: 'E-Mail', direction: 'both', blank: 'propagate', format: {}, values: {} },
            since: { column: 'Since', format: { pattern: 'dd.MM.yyyy' } },
          },
        },
        crm: { modified: { column: 'at', format: {} } },
      },
      record: { fields: { tags: { type: 'list', of: { type: 'text' }, ordered: false, class: 'internal' } } },
    });
  });

  it('is read again from its own JSON as the same', async () => {
    const loaded = await load(valid);
    expect(parseConfiguration(JSON.parse(JSON.stringify(loaded)), connectors)).toEqual(loaded);
  });

  it('may be written as JSON', async () => {
    const { 'connections/shop.yaml': _, ...rest } = valid;
    const files = { ...rest, 'connections/shop.json': '{\n\t"connector": "csv",\n\t"config": { "path": "a.csv" }\n}\n' };
    expect((await load(files)).connections.shop).toEqual({ connector: 'csv', config: { path: 'a.csv' }, secrets: {}, limits: {} });
  });

  it('takes from kanto.yaml what a sync does not say', async () => {
    const text = 'name: T\ndefaults:\n  owner: me@example.org\n  presence: delete\n  policies: [newest]\n  limits: { skew: 2m }\n';
    const { syncs } = await load({ ...valid, 'kanto.yaml': text });
    expect(syncs.customers).toMatchObject({
      owner: 'me@example.org',
      presence: 'delete',
      policies: { default: ['newest', 'manual'] },
      limits: { skew: '2m' },
    });
  });
});

describe('a mistake is told with file, line and column', () => {
  const cases: readonly (readonly [what: string, from: string, to: string, expected: string])[] = [
    ['an unknown key at the top', 'match:', 'mach:', 'syncs/customers.yaml:8:1 unknown key "mach"; did you mean "match"?'],
    [
      'an unknown key of an endpoint',
      'dataset: shop',
      'datset: shop',
      'syncs/customers.yaml:12:5 endpoints.shop: unknown key "datset"; did you mean "dataset"?',
    ],
    ['a missing key', '    dataset: shop\n', '', 'syncs/customers.yaml:11:5 endpoints.shop.dataset: "dataset" is missing'],
    [
      'an unknown key of a mapping',
      'column: Balance',
      'colum: Balance',
      'syncs/customers.yaml:16:18 endpoints.shop.fields.balance: unknown key "colum"; did you mean "column"?',
    ],
    [
      'an unknown type',
      'type: date',
      'type: dat',
      'syncs/customers.yaml:5:20 record.fields.since.type: "dat" is not known; did you mean "date"?',
    ],
    [
      'a key of another type',
      'scale: 2',
      'normal: [trim]',
      'syncs/customers.yaml:4:31 record.fields.balance: unknown key "normal"; known here: type, scale, class',
    ],
    [
      'an unknown format key',
      'group:',
      'grup:',
      'syncs/customers.yaml:16:59 endpoints.shop.fields.balance.format: unknown key "grup"; did you mean "group"?',
    ],
    [
      'a format that means nothing',
      'format: dd.MM.yyyy',
      'format: { decimal: "," }',
      'syncs/customers.yaml:17:39 endpoints.shop.fields.since.format: format key decimal does not apply to a field of type date',
    ],
    [
      'a pattern that says no date',
      'dd.MM.yyyy',
      'dd.MM',
      'syncs/customers.yaml:17:39 endpoints.shop.fields.since.format: pattern dd.MM needs yyyy, MM and dd',
    ],
    [
      'a canonical value that the field has not',
      'C: closed',
      'C: close',
      'syncs/customers.yaml:18:53 endpoints.shop.fields.status.values.C: unknown value of status "close"; did you mean "closed"?',
    ],
    ['an empty key', 'key: [id]', 'key: []', 'syncs/customers.yaml:13:10 endpoints.shop.key: name at least one key column'],
    [
      'a connection that is not there',
      'connection: crm',
      'connection: crn',
      'syncs/customers.yaml:19:22 endpoints.crm.connection: unknown connection "crn"; did you mean "crm"?',
    ],
    [
      'a field that is not there',
      'email: E-Mail',
      'emial: E-Mail',
      'syncs/customers.yaml:15:7 endpoints.shop.fields: unknown field "emial"; did you mean "email"?',
    ],
    [
      'a match field that is not there',
      'match: [email]',
      'match: [mail]',
      'syncs/customers.yaml:8:9 match[0]: unknown field "mail"; did you mean "email"?',
    ],
    [
      'text where a list belongs',
      'key: [id]',
      'key: id',
      'syncs/customers.yaml:13:10 endpoints.shop.key: expected a list, found the text "id"',
    ],
    [
      'a number where text belongs',
      'dataset: shop',
      'dataset: 7',
      'syncs/customers.yaml:12:14 endpoints.shop.dataset: expected a text (in quotes where it looks like a number), found the number 7',
    ],
    ['the same key twice', 'match: [email]', 'match: [email]\nmatch: [email]', 'syncs/customers.yaml:9:1 Map keys must be unique'],
    [
      'a key that is no word',
      'match: [email]',
      'match: [email]\n? { a: b }\n: c',
      'syncs/customers.yaml:9:3 a key must be a plain word or text',
    ],
    [
      'broken YAML',
      'match: [email]',
      'match: [email',
      'syncs/customers.yaml:9:1 Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    [
      'a match field that an endpoint cannot read',
      '{ email: mail,',
      '{ email: { column: mail, direction: write },',
      'syncs/customers.yaml:19:69 endpoints.crm: the match field email is not read here, so rows of crm could never be matched; map it or take it out of "match"',
    ],
    [
      'two fields in one column',
      'since: { column: Since',
      'since: { column: Balance',
      'syncs/customers.yaml:17:14 endpoints.shop.fields.since: balance and since would both write the column "Balance"; let one of them only read it',
    ],
    [
      'a cursor without a time',
      'dataset: shop',
      'dataset: shop\n    changes: cursor',
      'syncs/customers.yaml:13:14 endpoints.shop.changes: "changes: cursor" needs "modified", the column that says when a row was changed',
    ],
    [
      'a filter that the system has not',
      'dataset: shop',
      'dataset: shop\n    where: a = 1',
      'syncs/customers.yaml:13:12 endpoints.shop.where: csv takes no filter',
    ],
    [
      'a log of changes where none is kept',
      'dataset: shop',
      'dataset: shop\n    changes: log',
      'syncs/customers.yaml:13:14 endpoints.shop.changes: csv keeps no log of changes; use auto, snapshot or cursor',
    ],
    [
      'archiving without a field',
      'dataset: shop',
      'dataset: shop\n    deletes: archive',
      'syncs/customers.yaml:13:14 endpoints.shop.deletes: "deletes: archive" needs "archive: { field: ..., value: ... }"',
    ],
    [
      'a value to archive by that cannot be',
      'dataset: shop',
      'dataset: shop\n    deletes: archive\n    archive: { field: status, value: gone }',
      'syncs/customers.yaml:14:38 endpoints.shop.archive.value: not one of the known values: gone',
    ],
    [
      '"null" without quotes',
      'email: E-Mail',
      'email: { column: E-Mail, format: { empty: null } }',
      'syncs/customers.yaml:15:49 endpoints.shop.fields.email.format.empty: write "null" in quotes; without them it means nothing at all',
    ],
  ];
  it.each(cases)('%s', async (_, from, to, expected) => {
    const found = await refusals(edited(from, to));
    expect(
      found.filter((line) => line.startsWith(expected)),
      found.join('\n'),
    ).toHaveLength(1);
  });

  const added: readonly (readonly [what: string, text: string, expected: string])[] = [
    [
      'a policy that does not exist',
      'policies: { default: [newst] }',
      'syncs/customers.yaml:20:23 policies.default[0]: "newst" is not known; did you mean "newest"?',
    ],
    [
      'a policy for no field',
      'policies: { balanc: [newest] }',
      'syncs/customers.yaml:20:13 policies: unknown field "balanc"; did you mean "balance"?',
    ],
    [
      'a priority of no endpoint',
      'policies: { balance: [{ priority: [shp] }] }',
      'syncs/customers.yaml:20:36 policies.balance[0].priority[0]: unknown endpoint "shp"; did you mean "shop"?',
    ],
    [
      'a first policy of no endpoint',
      'first: [{ priority: [cm] }]',
      'syncs/customers.yaml:20:22 first[0].priority[0]: unknown endpoint "cm"; did you mean "crm"?',
    ],
    [
      'a merge that the type has not',
      'policies: { since: [merge] }',
      'syncs/customers.yaml:20:21 policies.since[0]: a date field merges only by { merge: min } or { merge: max }',
    ],
    [
      'an authority that does not read',
      'authority: { since: { only: [crm], otherwise: revert } }',
      'syncs/customers.yaml:20:30 authority.since.only[0]: crm does not read since, so it cannot be the one that says it',
    ],
    [
      'a sentinel with too many parts',
      'sentinels: { shop: [["1", "2"]] }',
      'syncs/customers.yaml:20:21 sentinels.shop[0]: the key of shop has 1 part(s): id',
    ],
    [
      'a sentinel as a number',
      'sentinels: { shop: [00417] }',
      'syncs/customers.yaml:20:21 sentinels.shop[0]: found the number 417; write a key as text in quotes',
    ],
    [
      'a share above one',
      'limits: { deletes: { count: 1, share: 5 } }',
      'syncs/customers.yaml:20:39 limits.deletes.share: too big: expected number to be <=1',
    ],
    [
      'a duration without a unit',
      'limits: { skew: "5" }',
      'syncs/customers.yaml:20:17 limits.skew: write a duration such as 500ms, 5s, 2m or 1h',
    ],
    [
      'an example of no endpoint',
      'tests: [{ at: shp, read: {}, record: {} }]',
      'syncs/customers.yaml:20:15 tests[0].at: unknown endpoint "shp"; did you mean "shop"?',
    ],
    [
      'an example of no column',
      'tests: [{ at: shop, read: { Email: a }, record: {} }]',
      'syncs/customers.yaml:20:29 tests[0].read: unknown mapped column "Email"; did you mean "E-Mail"?',
    ],
  ];
  it.each(added)('%s', async (_, text, expected) => {
    const found = await refusals(edited('labels } }\n', `labels } }\n${text}\n`));
    expect(
      found.filter((line) => line.startsWith(expected)),
      found.join('\n'),
    ).toHaveLength(1);
  });

  it('all mistakes of all files come at once', async () => {
    const found = await refusals({
      ...edited('match:', 'mach:'),
      'connections/shop.yaml': 'connector: csv\nconfig: { pth: a.csv }\n',
      'kanto.yaml': 'nam: Test\n',
    });
    expect(found).toEqual(
      expect.arrayContaining([
        expect.stringContaining('kanto.yaml:1:1 unknown key "nam"; did you mean "name"?'),
        expect.stringContaining('syncs/customers.yaml:8:1 unknown key "mach"'),
        expect.stringContaining('connections/shop.yaml:2:11 config: unknown key "pth"; did you mean "path"?'),
      ]),
    );
  });

  it('a broken connection is not also called unknown', async () => {
    const found = await refusals({ ...valid, 'connections/shop.yaml': 'connecter: csv\n' });
    expect(found.filter((line) => line.includes('unknown connection'))).toEqual([]);
    expect(found).toEqual(
      expect.arrayContaining([expect.stringContaining('connections/shop.yaml:1:1 unknown key "connecter"; did you mean "connector"?')]),
    );
  });
});

describe('files', () => {
  it('without kanto.yaml it is no configuration folder', async () => {
    const { 'kanto.yaml': _, ...rest } = valid;
    expect(await refusals(rest)).toEqual([expect.stringContaining('kanto.yaml does not exist')]);
  });
  it('two files with one id are refused', async () => {
    expect(await refusals({ ...valid, 'connections/shop.yml': 'connector: csv\nconfig: { path: b }\n' })).toEqual([
      'connections/shop.yml has the same id as connections/shop.yaml; keep one of them',
    ]);
  });
  it('another ending is refused, not ignored', async () => {
    expect(await refusals({ ...valid, 'syncs/old.yaml.bak': 'x' })).toEqual([
      'syncs/old.yaml.bak is no configuration file; the ending must be .yaml, .yml, .json',
    ]);
  });
  it('names that mean something else are refused', async () => {
    expect(await refusals(edited('  shop:', '  base:'))).toEqual([
      'syncs/customers.yaml:10:3 endpoints: "base" has a meaning of its own; give the endpoint another name',
    ]);
  });
});

describe('what does not work yet is said by name', () => {
  it.each([
    [
      'steps',
      edited('column: Since,', 'column: Since, read: [trim],'),
      'syncs/customers.yaml:17:31 endpoints.shop.fields.since: not yet: transformation steps',
    ],
    [
      'region',
      edited('connector: csv', 'region: eu\nconnector: csv', 'connections/shop.yaml'),
      'connections/shop.yaml:1:1 not yet: regions',
    ],
    ['environments', edited('name: Test', 'name: Test\nenvironments: {}', 'kanto.yaml'), 'kanto.yaml:2:1 not yet: environments'],
    [
      'a later connector',
      edited('connector: csv', 'connector: notion', 'connections/shop.yaml'),
      'connections/shop.yaml:1:12 connector: not yet: the connector "notion"',
    ],
    ['functions', { ...valid, 'functions/clean.ts': 'export {};\n' }, 'functions/clean.ts not yet: transformation functions'],
  ])('%s, once', async (_, files, expected) => {
    const found = await refusals(files);
    expect(found).toEqual([expect.stringContaining(expected)]);
  });
});

describe('what the database stored', () => {
  it('is checked like a file, with the path of the mistake', async () => {
    const loaded = JSON.parse(JSON.stringify(await load(valid))) as { syncs: { customers: { match: string[] } } };
    loaded.syncs.customers.match = ['emial'];
    expect(() => parseConfiguration(loaded, connectors)).toThrow(ConfigError);
    expect(() => parseConfiguration(loaded, connectors)).toThrow('syncs.customers.match[0]: unknown field "emial"; did you mean "email"?');
  });
});
