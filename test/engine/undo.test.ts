// A finished run is undone: both files are as they were before it, and what people changed since is asked about, never lost.
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { PlanDocument } from '../../main/engine/plan-document.ts';
import { customers, ledgerTable, shopFile } from '../harness/two-places.ts';
import { createPlace } from '../harness/workspace.ts';
import type { TestPlace } from '../harness/workspace.ts';

const ledger = 'SELECT nr, email, name, town, saldo FROM people ORDER BY nr';

/** Two places in agreement, and then edits: the run that carries them is the one that is undone. */
async function editedPlace(): Promise<TestPlace> {
  const place = await createPlace(customers({ policies: { default: [{ priority: ['shop', 'ledger'] }] } }, {}), { 'shop.csv': shopFile });
  place.sql('ledger.db', ledgerTable);
  await place.run('customers');
  return place;
}

interface Content {
  readonly shop: string;
  readonly ledger: readonly unknown[];
}

function contentOf(place: TestPlace): Content {
  return { shop: place.read('shop.csv'), ledger: place.rows('ledger.db', ledger) };
}

/** People change, add and delete at both places. */
function edit(place: TestPlace): void {
  place.write('shop.csv', place.read('shop.csv').replace('Bob,Rome', 'Bob,Turin').concat('9,eve@example.org,Eve,Cork,1.00\n'));
  place.sql(
    'ledger.db',
    "UPDATE people SET town = 'Bergen' WHERE email = 'ann@example.org'",
    "INSERT INTO people (email, name, town, saldo) VALUES ('fay@example.org', 'Fay', 'Graz', '3')",
    "DELETE FROM people WHERE email = 'cy@example.org'",
  );
}

async function undo(place: TestPlace, run: number): Promise<{ readonly plan: PlanDocument; readonly status: string }> {
  const plan = place.workspace.planDocument(await place.workspace.makeUndoPlan(run, {}));
  const undone = await place.run('customers', { undo: run });
  return { plan, status: undone.status };
}

function open(place: TestPlace): readonly { kind: string; label: string }[] {
  return place.workspace.db
    .prepare<[], { kind: string; label: string }>("SELECT kind, label FROM conflict WHERE state = 'open' ORDER BY kind, label")
    .all();
}

describe('undoing a run', () => {
  it('with creates, updates and deletes brings both files back, and the next run leaves them so', async () => {
    await using place = await editedPlace();
    edit(place);
    const before = contentOf(place);
    const run = await place.run('customers');
    expect(run).toMatchObject({
      status: 'complete',
      counts: { shop: { created: 1, updated: 1, deleted: 1 }, ledger: { created: 1, updated: 1 } },
    });
    expect(contentOf(place)).not.toEqual(before);

    const { plan, status } = await undo(place, run.id);
    expect(status).toBe('complete');
    expect(plan.undoes).toBe(run.id);
    expect(plan.operations.map(({ endpoint, kind }) => `${kind} ${endpoint}`).sort()).toEqual([
      'create shop',
      'delete ledger',
      'delete shop',
      'update ledger',
      'update shop',
    ]);
    const after = contentOf(place);
    expect(after.ledger).toEqual(before.ledger);
    expect(after.shop.split('\n').sort()).toEqual(before.shop.split('\n').sort());

    expect(open(place).map(({ kind }) => kind)).toEqual(['fields', 'fields', 'presence', 'presence', 'presence']);
    expect((await place.plan('customers')).operations).toEqual([]);
    await place.run('customers');
    expect(contentOf(place)).toEqual(after);
  });

  it('leaves what was changed since, and asks about it', async () => {
    await using place = await editedPlace();
    edit(place);
    const run = await place.run('customers');
    place.sql(
      'ledger.db',
      "UPDATE people SET town = 'Milan' WHERE email = 'bob@example.org'",
      "UPDATE people SET town = 'Galway' WHERE email = 'eve@example.org'",
    );
    const { plan } = await undo(place, run.id);
    expect(plan.cannotRestore?.map(({ endpoint, field, why }) => [endpoint, field, why])).toEqual(
      expect.arrayContaining([
        ['ledger', 'city', 'it was changed since, and is asked about'],
        ['ledger', undefined, 'the row was changed since (city), so it stays'],
      ]),
    );
    const town = (mail: string) => place.rows('ledger.db', `SELECT town FROM people WHERE email = '${mail}'`);
    expect(town('bob@example.org')).toEqual([{ town: 'Milan' }]);
    expect(town('eve@example.org')).toEqual([{ town: 'Galway' }]);
    const bob = place.workspace.db
      .prepare(
        "SELECT f.candidates, f.base FROM conflict_field f JOIN conflict c ON c.id = f.conflict WHERE c.label LIKE '%Bob%' AND f.state = 'open'",
      )
      .get();
    expect(bob).toEqual({ base: '"Rome"', candidates: JSON.stringify({ shop: { value: 'Turin' }, ledger: { value: 'Milan' } }) });
    await place.run('customers');
    expect(town('bob@example.org')).toEqual([{ town: 'Milan' }]);
    expect(place.read('shop.csv')).toContain('Turin');
  });

  it('asks about what a later run changed again', async () => {
    await using place = await editedPlace();
    place.write('shop.csv', place.read('shop.csv').replace('Bob,Rome', 'Bob,Turin'));
    const first = await place.run('customers');
    place.write('shop.csv', place.read('shop.csv').replace('Bob,Turin', 'Bob,Siena'));
    await place.run('customers');
    await undo(place, first.id);
    expect(place.read('shop.csv')).toContain('Bob,Siena');
    expect(place.rows('ledger.db', "SELECT town FROM people WHERE email = 'bob@example.org'")).toEqual([{ town: 'Siena' }]);
    expect(open(place)).toHaveLength(1);
  });

  it('of a delete that was archived takes the mark away, and asks whether the record lives', async () => {
    const closed = { deletes: 'archive', archive: { field: 'city', value: 'closed' } };
    await using place = await createPlace(customers({}, { ledger: closed }), { 'shop.csv': shopFile });
    place.sql('ledger.db', ledgerTable);
    await place.run('customers');
    place.write('shop.csv', place.read('shop.csv').replace('2,bob@example.org,Bob,Rome,20.50\n', ''));
    const before = contentOf(place);
    const run = await place.run('customers');
    const town = () => place.rows('ledger.db', "SELECT town FROM people WHERE email = 'bob@example.org'");
    expect(town()).toEqual([{ town: 'closed' }]);
    expect((await undo(place, run.id)).status).toBe('complete');
    expect(contentOf(place)).toEqual(before);
    expect(open(place).map(({ kind }) => kind)).toEqual(['presence']);
    await place.run('customers');
    expect(contentOf(place)).toEqual(before);
  });

  it('leaves a record alone that was deleted since', async () => {
    await using place = await editedPlace();
    edit(place);
    const run = await place.run('customers');
    place.write('shop.csv', place.read('shop.csv').replace('2,bob@example.org,Bob,Turin,20.50\n', ''));
    await place.run('customers');
    const { plan } = await undo(place, run.id);
    expect(plan.cannotRestore).toContainEqual(expect.objectContaining({ why: 'the record was deleted since' }));
    expect(open(place).some(({ label }) => label.includes('Bob'))).toBe(false);
    expect(place.read('shop.csv')).not.toContain('bob@');
  });

  it('lets a person decide what is true then, and goes on', async () => {
    await using place = await editedPlace();
    place.write('shop.csv', place.read('shop.csv').replace('Bob,Rome', 'Bob,Turin').concat('9,eve@example.org,Eve,Cork,1.00\n'));
    const run = await place.run('customers');
    await undo(place, run.id);
    const { db } = place.workspace;
    db.exec(`UPDATE conflict_field SET state = 'decided', choice = json_object('value', 'Turin', 'taken', 'shop', 'by', 'steward',
      'seen', json_object('shop', 'Turin')) WHERE state = 'open'`);
    db.exec(
      `UPDATE conflict SET state = 'decided', body = json_set(body, '$.choice', json('{"keep": false, "by": "steward"}')) WHERE kind = 'presence'`,
    );
    db.exec('UPDATE record SET pending = 1');
    await place.run('customers');
    expect(place.rows('ledger.db', "SELECT town FROM people WHERE email = 'bob@example.org'")).toEqual([{ town: 'Turin' }]);
    expect(place.read('shop.csv')).not.toContain('eve@example.org');
    expect((await place.run('customers')).status).toBe('complete');
    expect(open(place)).toEqual([]);
  });

  it('is refused where there is nothing to undo, and a second time', async () => {
    await using place = await editedPlace();
    edit(place);
    const run = await place.run('customers');
    const idle = await place.run('customers');
    await expect(place.workspace.makeUndoPlan(idle.id, {})).rejects.toMatchObject({
      code: 'not-now',
      message: expect.stringContaining('wrote nothing'),
    });
    await expect(place.workspace.makeUndoPlan(99, {})).rejects.toMatchObject({ code: 'unknown-run' });
    const undone = await place.run('customers', { undo: run.id });
    await expect(place.workspace.makeUndoPlan(run.id, {})).rejects.toMatchObject({
      message: expect.stringContaining(`undone by run ${undone.id}`),
    });
    await expect(place.workspace.makeUndoPlan(undone.id, {})).rejects.toMatchObject({ message: expect.stringContaining('an undo itself') });
  });

  it('does only what its previewed plan says', async () => {
    await using place = await editedPlace();
    edit(place);
    const run = await place.run('customers');
    const plan = await place.workspace.makeUndoPlan(run.id, {});
    place.sql('ledger.db', "UPDATE people SET town = 'Milan' WHERE email = 'bob@example.org'");
    const undone = await place.run('customers', { plan });
    expect(undone.counts['ledger']).toMatchObject({ deleted: 1, updated: 0 });
    expect(JSON.parse(undone.options)).toMatchObject({ undo: run.id });
  });

  it('names what cannot be restored: columns that are not mapped, and a mapping that changed', async () => {
    await using place = await createPlace(customers({}, {}), {
      'shop.csv': shopFile
        .trimEnd()
        .split('\n')
        .map((line, at) => `${line},${at === 0 ? 'note' : 'kept by hand'}\n`)
        .join(''),
    });
    place.sql('ledger.db', ledgerTable);
    await place.run('customers');
    place.sql('ledger.db', "DELETE FROM people WHERE email = 'cy@example.org'");
    const run = await place.run('customers');
    const plan = place.workspace.planDocument(await place.workspace.makeUndoPlan(run.id, {}));
    expect(plan.cannotRestore?.[0]?.why).toContain('without the columns that the sync does not map');
  });

  it('is harmless to kill at every stored step', async () => {
    const child = fileURLToPath(new URL('../../dist/test/kill-child.mjs', import.meta.url));
    const place = await editedPlace();
    edit(place);
    const before = contentOf(place);
    const run = await place.run('customers');
    await place.workspace[Symbol.asyncDispose]();
    const start = join(place.folder, 'start');
    for (const part of ['config', 'workspace']) cpSync(join(place.folder, part), join(start, part), { recursive: true });
    let kills = 0;
    for (let nth = 1; ; nth += 1) {
      for (const part of ['config', 'workspace']) {
        rmSync(join(place.folder, part), { recursive: true });
        cpSync(join(start, part), join(place.folder, part), { recursive: true });
      }
      const args = [join(place.folder, 'workspace'), 'customers'];
      const killed = spawnSync(process.execPath, [child, ...args, String(nth), String(run.id)], { encoding: 'utf8' });
      if (killed.signal === null) {
        expect(killed.stderr).toBe('');
        break;
      }
      kills += 1;
      const again = spawnSync(process.execPath, [child, ...args, '0', '0'], { encoding: 'utf8' });
      expect(again.status).toBe(0);
      const after = contentOf(place);
      expect({ nth, ledger: after.ledger }).toEqual({ nth, ledger: before.ledger });
      expect(after.shop.split('\n').sort()).toEqual(before.shop.split('\n').sort());
    }
    expect(kills).toBeGreaterThan(8);
    rmSync(place.folder, { recursive: true, force: true });
  }, 180_000);
});

describe('a run that failed while it read', () => {
  it('does not become the owner of a later plan, and cannot be undone in its place', async () => {
    await using place = await editedPlace();
    const shop = place.read('shop.csv');
    place.write('shop.csv', shop.replace('mail', 'E-Mail'));
    const failed = await place.run('customers');
    expect(failed.status).toBe('failed');
    place.write('shop.csv', shop);
    edit(place);
    await place.restart(); // throws away what was never finished
    const run = await place.run('customers');
    expect(run.status).toBe('complete');
    await expect(place.workspace.makeUndoPlan(failed.id, {})).rejects.toMatchObject({
      message: expect.stringMatching(/wrote nothing/) as string,
    });
    expect(await place.workspace.makeUndoPlan(run.id, {})).toBeGreaterThan(0);
  });
});
