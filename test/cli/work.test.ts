// `kanto` on real files: from an empty folder to decided conflicts, held to plans and limits.
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { PlanDocument } from '../../main/engine/plan-document.ts';
import { createPlace, demo, runNode } from './place.ts';
import { writeSampleCompany } from '../data/sample-company.ts';

// Every step is a process of its own; a busy machine needs its time.
vi.setConfig({ testTimeout: 180_000 });

interface RunDocument {
  readonly run: number;
  readonly status: string;
  readonly counts: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly conflicts: { readonly opened: number; readonly open: number };
  readonly operations: readonly unknown[];
}
interface Conflicts {
  readonly open: number;
  readonly conflicts: readonly { readonly id: number; readonly kind: string; readonly fields: readonly string[] }[];
}

describe('the way of a change', () => {
  it('goes by check, apply, plan, run and verify, and a second run has nothing to do', async () => {
    const place = await createPlace(false);
    const config = join(place.folder, 'config');
    expect(await place.json('check', config)).toMatchObject({
      exit: 0,
      document: { valid: true, syncs: ['customers'], examples: 1, failures: [] },
    });
    expect(await place.json('init')).toMatchObject({ exit: 0 });
    expect(await place.json('apply', config)).toMatchObject({ exit: 0, document: { revision: 1, syncs: ['customers'] } });
    expect(await place.json('run', 'customers')).toMatchObject({
      exit: 0,
      document: { status: 'complete', conflicts: { opened: 0, open: 0 } },
    });

    place.write('data/shop.csv', place.read('data/shop.csv').replace('Person 7,', 'Person Seven,'));
    const before = place.read('data/ledger.csv');
    const plan = await place.json<PlanDocument>('plan', 'customers');
    expect(plan.exit).toBe(0);
    expect(plan.document).toMatchObject({
      sync: 'customers',
      complete: { shop: true, ledger: true },
      operations: [
        {
          endpoint: 'ledger',
          kind: 'update',
          key: ['K07'],
          before: { name: 'Person 7' },
          after: { name: 'Person Seven' },
          because: 'taken from shop',
        },
      ],
      conflicts: [],
      withheld: [],
      skipped: [],
    });
    expect(plan.document.plan).toMatch(/^sha256-[0-9a-f]{64}$/);
    expect(place.read('data/ledger.csv')).toBe(before);

    const run = await place.json<RunDocument>('run', 'customers');
    expect(run).toMatchObject({
      exit: 0,
      document: {
        plan: plan.document.plan,
        run: 2,
        status: 'complete',
        counts: { ledger: { created: 0, updated: 1, deleted: 0, failed: 0, withheld: 0, skipped: 0 } },
        deadLetters: 0,
      },
    });
    expect(place.read('data/ledger.csv')).toBe(before.replace('Person 7;', 'Person Seven;'));
    expect(await place.json('verify', 'customers')).toMatchObject({
      exit: 0,
      document: { equal: true, differences: [], endpoints: { shop: { count: 20 }, ledger: { count: 20 } } },
    });
    expect(await place.json('run', 'customers')).toMatchObject({ exit: 0, document: { operations: [], status: 'complete' } });
    expect(await place.json('status')).toMatchObject({
      exit: 0,
      document: { revision: 1, conflicts: 0, syncs: [{ id: 'customers', lastRun: { status: 'complete' } }] },
    });
    expect(await place.json('runs')).toMatchObject({ exit: 0, document: { total: 3 } });
    expect(await place.json('show', '2')).toMatchObject({
      exit: 0,
      document: { id: 2, status: 'complete', items: [{ kind: 'update', key: ['K07'], state: 'done' }] },
    });
  });

  it('shows people the same in words, and nothing but the result on standard output', async () => {
    const place = await createPlace(true);
    place.write('data/shop.csv', place.read('data/shop.csv').replace('Person 7,', 'Person Seven,'));
    const plan = await place.kanto('plan', 'customers');
    expect(plan.stdout).toMatch(/ledger +update +K07 +name: Person 7 → Person Seven +taken from shop/);
    expect(plan.stderr).toBe('');
    expect((await place.kanto('run', 'customers')).stdout).toMatch(/^Run 2 of customers: complete\n/);
    expect((await place.kanto('status')).stdout).toMatch(/customers +shop ledger/);
    expect((await place.kanto('runs')).stdout).toMatch(/2 +customers +complete/);
    expect((await place.kanto('show', '2')).stdout).toContain('name: Person 7 → Person Seven');
    expect((await place.kanto('conflicts', 'list')).stdout).toBe('Nothing waits for a person.\n');
  });
});

describe('the configuration', () => {
  it('is written as files, keeps what stands there, and says what a new revision no longer has and how to have it back', async () => {
    const place = await createPlace(false);
    const config = join(place.folder, 'config');
    await place.json('init');
    await place.json('apply', config);
    const text = place.read('config/syncs/customers.yaml');
    expect(await place.json('export', config)).toMatchObject({ exit: 0, document: { revision: 1, written: [], others: [] } });
    place.write('config/syncs/customers.yaml', `# Ours.\n${text.replace('key: [id]', 'key: [id] # theirs')}`);
    place.write('config/syncs/other.yaml', text);
    expect(await place.kanto('export', config)).toMatchObject({
      exit: 0,
      stdout: `${config} says what revision 1 says already.\n`,
      stderr: expect.stringContaining('syncs/other.yaml is not in revision 1; it stays') as string,
    });
    expect(place.read('config/syncs/customers.yaml')).toContain('key: [id] # theirs');

    place.write('small/kanto.yaml', 'name: Small\n');
    const applied = await place.kanto('apply', join(place.folder, 'small'));
    expect(applied).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining('sync customers. `kanto export DIR --revision 1`') as string,
    });
    expect(await place.json('export', join(place.folder, 'back'), '--revision', '1')).toMatchObject({ exit: 0, document: { revision: 1 } });
    expect(await place.json('apply', join(place.folder, 'back'))).toMatchObject({ exit: 0, document: { syncs: ['customers'] } });
    expect(await place.json('run', 'customers')).toMatchObject({ exit: 0, document: { status: 'complete' } });
    expect(await place.json('export', config, '--revision', '9')).toMatchObject({
      exit: 2,
      document: { error: { code: 'unknown-revision', remedy: 'They go from 1 to 3.' } },
    });
  });
});

describe('conflicts', () => {
  it('end the run that opens them with 3, are decided by field, and the next run writes the decision', async () => {
    const place = await createPlace(true);
    place.write(
      'data/shop.csv',
      place.read('data/shop.csv').replace('Person 3,3.00', 'Shop Name,3.00').replace('Person 4,4.00', 'Four S,4.00'),
    );
    place.write('data/ledger.csv', place.read('data/ledger.csv').replace('Person 3;', 'Ledger Name;').replace('Person 4;', 'Four L;'));
    expect(await place.json('run', 'customers')).toMatchObject({ exit: 3, document: { conflicts: { opened: 2, open: 2 } } });
    expect(await place.json('run', 'customers')).toMatchObject({ exit: 0, document: { conflicts: { opened: 0, open: 2 } } });
    const { document } = await place.json<Conflicts>('conflicts', 'list', 'customers');
    expect(document).toMatchObject({
      open: 2,
      conflicts: [
        { kind: 'fields', fields: ['name'] },
        { kind: 'fields', fields: ['name'] },
      ],
    });
    const text = (await place.kanto('conflicts', 'list')).stdout;
    expect(text).toContain('name: was Person 3, shop Shop Name | ledger Ledger Name');
    const third = Number(/^(\d+).*Ledger Name/m.exec(text)?.[1]);
    const fourth = Number(/^(\d+).*Four L/m.exec(text)?.[1]);
    expect(await place.json('conflicts', 'resolve', String(third), '--field', 'name', '--take', 'ledger')).toMatchObject({
      exit: 0,
      document: { decided: true },
    });
    expect(await place.json('conflicts', 'resolve', String(fourth), '--field', 'name', '--value', '"Four"')).toMatchObject({ exit: 0 });
    expect(await place.json('run', 'customers')).toMatchObject({ exit: 0, document: { conflicts: { opened: 0, open: 0 } } });
    expect(place.read('data/shop.csv')).toContain('p3@a.example,Ledger Name,3.00');
    expect(place.read('data/shop.csv')).toContain('p4@a.example,Four,4.00');
    expect(place.read('data/ledger.csv')).toContain('P4@a.example;Four;4,00');
  });

  it('of a deleted record are decided by keeping it', async () => {
    const place = await createPlace(true);
    place.write('data/shop.csv', place.read('data/shop.csv').replace(/^003.*\n/m, ''));
    place.write('data/ledger.csv', place.read('data/ledger.csv').replace('Person 3;', 'Changed;'));
    expect(await place.json('run', 'customers')).toMatchObject({ exit: 3 });
    const { document } = await place.json<Conflicts>('conflicts', 'list');
    expect(document).toMatchObject({ open: 1, conflicts: [{ kind: 'presence' }] });
    expect((await place.kanto('conflicts', 'resolve', String(document.conflicts[0]?.id), '--keep')).exit).toBe(0);
    expect((await place.kanto('run', 'customers')).exit).toBe(0);
    expect(place.read('data/shop.csv')).toContain('p3@a.example,Changed,3.00');
  });

  it('of rows that may belong together are decided by naming them', async () => {
    const place = await createPlace(true);
    place.write('data/shop.csv', `${place.read('data/shop.csv')}050,new@a.example,First,1.00\n051,new@a.example,Second,2.00\n`);
    place.write('data/ledger.csv', `${place.read('data/ledger.csv')}K50;new@a.example;Third;3,00\n`);
    expect(await place.json('run', 'customers')).toMatchObject({ exit: 3 });
    const { document } = await place.json<Conflicts>('conflicts', 'list');
    expect(document).toMatchObject({ open: 1, conflicts: [{ kind: 'match' }] });
    const id = String(document.conflicts[0]?.id);
    expect((await place.kanto('conflicts', 'resolve', id, '--together', 'shop:050', 'ledger:K50')).exit).toBe(0);
    await place.kanto('run', 'customers');
    expect((place.read('data/ledger.csv').match(/new@a\.example/g) ?? []).length).toBe(2);
  });

  it.each([
    [['--field', 'name'], 'Exactly one decision is needed.'],
    [['--take', 'shop'], '--field belongs to --take and --value.'],
    [['--field', 'name', '--take', 'shop', '--keep'], 'Exactly one decision is needed.'],
    [['--field', 'name', '--value', 'Rob'], '--value Rob is not JSON.'],
    [['--together', 'shop'], '--together shop names no endpoint and key.'],
  ])('refuse %j as wrong use', async (args, message) => {
    const place = await createPlace(false);
    const said = await place.kanto('conflicts', 'resolve', '1', ...args);
    expect(said.stderr).toContain(message);
    expect(said.exit).toBe(2);
  });
});

describe('a plan file', () => {
  it('is done as it says, and what moved since is left for the next run', async () => {
    const place = await createPlace(true);
    const file = join(place.folder, 'plan.json');
    place.write('data/shop.csv', place.read('data/shop.csv').replace('Person 7,', 'Seven,').replace('Person 8,', 'Eight,'));
    expect((await place.kanto('plan', 'customers', '--out', file)).exit).toBe(0);
    place.write('data/shop.csv', place.read('data/shop.csv').replace('Person 9,', 'Nine,').replace('Eight,', 'Acht,'));
    await place.kanto('run', 'customers', '--plan', file);
    const ledger = place.read('data/ledger.csv');
    expect(ledger).toContain(';Seven;');
    expect(ledger).toContain(';Person 8;');
    expect(ledger).toContain(';Person 9;');
    expect((await place.kanto('run', 'customers')).exit).toBe(0);
    expect(place.read('data/ledger.csv')).toMatch(/;Acht;[\s\S]*;Nine;/);
  });

  it('that is none, or of another sync, or changed by hand is refused before anything is read', async () => {
    const place = await createPlace(true);
    place.write('data/shop.csv', place.read('data/shop.csv').replace('Person 7,', 'Seven,'));
    const file = join(place.folder, 'plan.json');
    await place.kanto('plan', 'customers', '--out', file);
    const plan = JSON.parse(place.read('plan.json')) as PlanDocument;
    const before = place.read('data/ledger.csv');
    expect(await place.json('plan', 'customers', '--read', file)).toMatchObject({
      exit: 0,
      document: JSON.parse(JSON.stringify(plan)) as object,
    });
    expect((await place.kanto('plan', 'customers', '--read', file)).stdout).toMatch(/update.*Person 7 → Seven/);
    place.write('plan.json', '{');
    expect(await place.kanto('run', 'customers', '--plan', file)).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('is not a plan'),
    });
    place.write('plan.json', JSON.stringify({ ...plan, sync: 'other' }));
    expect(await place.kanto('run', 'customers', '--plan', file)).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('belongs to the sync other'),
    });
    place.write(
      'plan.json',
      JSON.stringify({ ...plan, operations: plan.operations.map((one) => ({ ...one, after: { name: 'Forged' }, digest: 'x' })) }),
    );
    expect((await place.kanto('run', 'customers', '--plan', file)).exit).toBe(4);
    expect(place.read('data/ledger.csv')).toBe(before);
  });
});

describe('limits', () => {
  it('withhold deletes until they are approved', async () => {
    const place = await createPlace(true);
    const before = place.read('data/ledger.csv');
    place.write('data/shop.csv', `${place.read('data/shop.csv').split('\n').slice(0, 11).join('\n')}\n`);
    expect(await place.json('run', 'customers')).toMatchObject({
      exit: 4,
      document: { status: 'withheld', counts: { ledger: { deleted: 0, withheld: 10 } } },
    });
    expect(place.read('data/ledger.csv')).toBe(before);
    expect((await place.kanto('run', 'customers', '--approve', 'deletes=9')).exit).toBe(4);
    expect(await place.json('run', 'customers', '--approve', 'deletes=10')).toMatchObject({
      exit: 0,
      document: { counts: { ledger: { deleted: 10, withheld: 0 } } },
    });
    expect(place.read('data/ledger.csv').trim().split('\n')).toHaveLength(11);
  });
});

describe('the sample company in a terminal', () => {
  it('is planned, run and left with a handful of questions', async () => {
    const place = await createPlace(false);
    const sample = join(place.folder, 'sample');
    await writeSampleCompany(sample, { seed: 4, customers: 300 });
    const { exit, stdout } = await runNode(demo, [], { KANTO_SAMPLE: sample, TMPDIR: place.folder });
    expect(exit).toBe(0);
    expect(stdout).toContain('Plan of customers (nothing is written yet)');
    expect(stdout).toMatch(/sales +update/);
    expect(stdout).toMatch(/Run 1 of customers: (partial|complete)/);
    expect(stdout.match(/^\d+ +fields /gm)?.length).toBe(6);
    expect(stdout.match(/^\d+ +match /gm)?.length).toBe(1);
    expect(stdout).toMatch(/The files: .*sample\/data/);
  });
});
