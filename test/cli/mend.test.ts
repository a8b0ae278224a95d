// `kanto` when something went wrong: a run is undone, and what a place refused is tried again, edited or discarded.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, vi } from 'vitest';
import type { PlanDocument } from '../../main/engine/plan-document.ts';
import { createPlace } from './place.ts';
import type { Place } from './place.ts';

vi.setConfig({ testTimeout: 180_000 });

interface RunDocument {
  readonly run: number;
  readonly status: string;
  readonly deadLetters: number;
}

describe('kanto undo', () => {
  it('says what it would take back, takes it back, and refuses a second time', async () => {
    const place = await createPlace(true);
    const ledger = place.read('data/ledger.csv');
    place.write('data/shop.csv', place.read('data/shop.csv').replace('Person 7,', 'Person Seven,'));
    const { document: run } = await place.json<RunDocument>('run', 'customers');
    expect(place.read('data/ledger.csv')).not.toBe(ledger);
    const plan = await place.json<PlanDocument>('undo', String(run.run), '--plan-only');
    expect(plan).toMatchObject({
      exit: 0,
      document: { undoes: run.run, cannotRestore: [], operations: [{ endpoint: 'ledger', kind: 'update' }] },
    });
    expect(place.read('data/ledger.csv')).not.toBe(ledger);

    const undone = await place.kanto('undo', String(run.run));
    expect(undone.exit).toBe(3); // a question was opened: which name is true now
    expect(undone.stdout).toContain('Everything that the run wrote can be taken back.');
    expect(place.read('data/ledger.csv')).toBe(ledger);
    expect(await place.json('run', 'customers')).toMatchObject({ exit: 0, document: { operations: [] } });
    const again = await place.kanto('undo', String(run.run));
    expect(again.exit).toBe(4);
    expect(again.stderr).toContain('undone by run');
    expect((await place.kanto('undo', '99')).exit).toBe(2);
  });
});

interface Letters {
  readonly count: number;
  readonly deadLetters: readonly { readonly id: number; readonly label: string; readonly message: string; readonly attempts: number }[];
}

/** The ledger is a table that refuses long names. */
async function strictPlace(): Promise<{ readonly place: Place; readonly names: () => unknown[] }> {
  const place = await createPlace(false);
  const path = join(place.folder, 'data', 'ledger.db');
  const db = new Database(path);
  db.exec('CREATE TABLE ledger (Nr INTEGER PRIMARY KEY, "E-Mail" TEXT, Name TEXT CHECK (length(Name) <= 12), Saldo TEXT)');
  db.close();
  place.write('config/connections/ledger.yaml', 'connector: sqlite\nconfig: { path: ../data/ledger.db }\n');
  for (const args of [['init'], ['apply', join(place.folder, 'config')], ['run', 'customers']]) {
    const said = await place.kanto(...args);
    expect(`${said.exit} ${said.stderr}`).toMatch(/^0 /);
  }
  const names = () => {
    const look = new Database(path, { readonly: true });
    const rows = look.prepare('SELECT Name FROM ledger ORDER BY Nr').pluck().all();
    look.close();
    return rows;
  };
  return { place, names };
}

describe('kanto dead-letters', () => {
  it('lists what was refused, edits one, tries all alike, and discards with a reason', async () => {
    const { place, names } = await strictPlace();
    place.write('data/shop.csv', place.read('data/shop.csv').replaceAll(/Person (7|8|9),/g, 'A long name for person $1,'));
    expect(await place.json<RunDocument>('run', 'customers')).toMatchObject({ exit: 3, document: { status: 'partial', deadLetters: 3 } });
    const { document: letters } = await place.json<Letters>('dead-letters', 'list', 'customers');
    expect(letters.count).toBe(3);
    expect(letters.deadLetters[0]?.message).toContain('CHECK constraint failed');
    const [first, second] = letters.deadLetters;

    const edited = await place.json('dead-letters', 'retry', String(first?.id), '--field', 'name', '--value', '"Short 7"');
    expect(edited).toMatchObject({ exit: 0, document: { retried: 1, runs: [{ status: 'complete' }] } });
    expect(names()).toContain('Short 7');
    expect(place.read('data/shop.csv')).toContain('Short 7');

    const alike = await place.json('dead-letters', 'retry', '--alike', String(second?.id));
    expect(alike).toMatchObject({ exit: 3, document: { retried: 2, runs: [{ status: 'partial' }] } });
    expect(await place.json('dead-letters', 'discard', '--sync', 'customers', '--reason', 'they left')).toMatchObject({
      exit: 0,
      document: { discarded: 2 },
    });
    expect(await place.json('dead-letters', 'list')).toMatchObject({ document: { count: 0 } });
    expect((await place.kanto('dead-letters', 'list', '--discarded')).stdout).toContain('they left');
    expect(await place.json('run', 'customers')).toMatchObject({ exit: 0, document: { status: 'complete', deadLetters: 0 } });
  });

  it('refuses what is not clear', async () => {
    const { place } = await strictPlace();
    expect(await place.kanto('dead-letters', 'retry')).toMatchObject({ exit: 2 });
    expect(await place.kanto('dead-letters', 'retry', '77')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('no dead letter 77'),
    });
    expect(await place.kanto('dead-letters', 'discard', '77')).toMatchObject({ exit: 2 });
  });
});
