// What `kanto` refuses: wrong use, wrong keys, bad configuration and bad sources, each with its exit code and in plain words.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createPlace, files, kanto } from './place.ts';

// Every step is a process of its own; a busy machine needs its time.
vi.setConfig({ testTimeout: 180_000 });

describe('wrong use ends with 2', () => {
  it.each([
    [['blah'], "unknown command 'blah'"],
    [['plan'], "missing required argument 'sync'"],
    [['run', 'customers', '--fast'], "unknown option '--fast'"],
    [['show', 'x'], 'It must be a whole number above 0.'],
    [['undo'], "missing required argument 'run'"],
    [['dead-letters', 'discard', '3'], "required option '--reason <text>' not specified"],
    [['dead-letters', 'retry', 'x'], 'It must be a whole number above 0.'],
    [['trace', 'customers', '--match', 'a=b'], 'not yet: kanto trace'],
    [['run', 'customers', '--approve', 'all'], '--approve all is not understood.'],
    [['--workspace', '/nonexistent/place', 'status'], '/nonexistent/place is not a workspace.'],
    [['check'], 'No folder was named.'],
  ])('%j', async (args, message) => {
    const said = await kanto(args);
    expect(said.stderr).toContain(message);
    expect(said).toMatchObject({ exit: 2, stdout: '' });
  });

  it('help is no mistake', async () => {
    const { exit, stdout } = await kanto(['--help']);
    expect(exit).toBe(0);
    for (const name of ['init', 'check', 'apply', 'plan', 'run', 'verify', 'status', 'runs', 'show', 'conflicts'])
      expect(stdout).toContain(name);
  });
});

describe('the key', () => {
  it('missing without a terminal, or wrong, is refused with what to do', async () => {
    const place = await createPlace(false);
    const folder = join(place.folder, 'workspace');
    await place.kanto('init');
    expect(await kanto(['--workspace', folder, 'status'], { KANTO_PASSPHRASE: '' })).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('Set KANTO_PASSPHRASE'),
    });
    expect(await kanto(['--workspace', folder, 'status'], { KANTO_PASSPHRASE: 'other' })).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('does not open this workspace'),
    });
    const error = JSON.parse((await kanto(['--workspace', folder, 'status', '--json'], { KANTO_PASSPHRASE: 'other' })).stdout) as unknown;
    expect(error).toMatchObject({ error: { code: 'wrong-key', recovery: 'ask-user' } });
  });

  it('a workspace is never made twice', async () => {
    const place = await createPlace(false);
    await place.kanto('init');
    expect(await place.kanto('init')).toMatchObject({ exit: 2, stderr: expect.stringContaining('is a workspace already') });
  });
});

const sync = files['config/syncs/customers.yaml'] ?? '';

describe('invalid configuration', () => {
  it('is told line by line by check and apply, and changes nothing', async () => {
    const place = await createPlace(true);
    place.write(
      'config/syncs/customers.yaml',
      place.read('config/syncs/customers.yaml').replace('match:', 'mach:').replace('column: Saldo', 'colum: Saldo'),
    );
    for (const name of ['check', 'apply']) {
      const said = await place.kanto(name, join(place.folder, 'config'));
      expect(said.exit).toBe(2);
      expect(said.stderr).toContain('syncs/customers.yaml:6:1 unknown key "mach"; did you mean "match"?');
      expect(said.stderr).toContain('unknown key "colum"; did you mean "column"?');
    }
    const { exit, document } = await place.json('check', join(place.folder, 'config'));
    expect({ exit, document }).toMatchObject({
      exit: 2,
      document: {
        error: {
          code: 'config-invalid',
          issues: expect.arrayContaining([expect.objectContaining({ file: 'syncs/customers.yaml', line: 6, column: 1 })]),
        },
      },
    });
    expect(await place.json('status')).toMatchObject({ document: { revision: 1 } });
  });

  it('what a connection is configured not to do cannot be allowed', async () => {
    const place = await createPlace(false);
    place.write('config/connections/shop.yaml', 'connector: csv\nconfig: { path: ../data/shop.csv, mode: append }\n');
    const allowing = (kinds: string) =>
      place.write('config/syncs/customers.yaml', sync.replace('dataset: shop\n', `dataset: shop\n    allow: ${kinds}\n`));
    allowing('[create, update]');
    const said = await place.kanto('check', join(place.folder, 'config'));
    expect(said).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('syncs/customers.yaml:11:21 endpoints.shop.allow[1]: csv cannot update'),
    });
    allowing('[create]');
    expect(await place.kanto('check', join(place.folder, 'config'))).toMatchObject({ exit: 0 });
  });

  it('examples that do not hold fail the check', async () => {
    const place = await createPlace(false);
    place.write(
      'config/syncs/customers.yaml',
      place.read('config/syncs/customers.yaml').replace('balance: "1234.50"', 'balance: "1234.51"'),
    );
    expect(await place.json('check', join(place.folder, 'config'))).toMatchObject({
      exit: 2,
      document: { valid: false, failures: [{ sync: 'customers', index: 0, name: 'balance' }] },
    });
  });

  it('schemas are written on request', async () => {
    const place = await createPlace(false);
    expect((await place.kanto('check', '--schema', join(place.folder, 'schema'))).exit).toBe(0);
    expect(existsSync(join(place.folder, 'schema/sync.schema.json'))).toBe(true);
  });
});

function folderInstead(path: string): void {
  rmSync(path);
  mkdirSync(path);
}

describe('bad sources end with 4 and no file is touched', () => {
  it.each<readonly [string, (data: string) => void, RegExp]>([
    ['a missing file', (data) => renameSync(join(data, 'ledger.csv'), join(data, 'away.csv')), /ledger: There is no file/],
    ['an empty file', (data) => writeFileSync(join(data, 'ledger.csv'), ''), /is empty/],
    ['a match column that is gone', (data) => writeFileSync(join(data, 'ledger.csv'), 'Nr;Name;Saldo\nK01;A;1,00\n'), /E-Mail/],
    ['a file that another program holds', (data) => writeFileSync(join(data, '.~lock.ledger.csv#'), ',someone,host,;'), /ledger/],
    ['a folder where the file was', (data) => folderInstead(join(data, 'ledger.csv')), /ledger/],
  ])('%s', async (_, spoil, message) => {
    const place = await createPlace(true);
    place.write('data/shop.csv', place.read('data/shop.csv').replace('Person 7,', 'Seven,'));
    spoil(join(place.folder, 'data'));
    const before = place.read('data/shop.csv');
    const said = await place.kanto('run', 'customers');
    expect(said.stderr).toMatch(message);
    expect(said.stderr).toContain('  do: ');
    expect(said.exit).toBe(4);
    expect(place.read('data/shop.csv')).toBe(before);
  });

  it('a key that is no key, before the first run', async () => {
    const place = await createPlace(false);
    place.write('data/ledger.csv', `${place.read('data/ledger.csv')}K01;other@a.example;Other;1,00\n`);
    await place.kanto('init');
    await place.kanto('apply', join(place.folder, 'config'));
    const before = place.read('data/shop.csv');
    const said = await place.kanto('run', 'customers');
    expect(said).toMatchObject({ exit: 4, stderr: expect.stringContaining('Nr is no key of ledger') });
    expect(place.read('data/shop.csv')).toBe(before);
  });
});
