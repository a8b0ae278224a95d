// Records that their place refuses: they wait with all that is known of the failure, and stop nobody else.
import { describe, expect, it } from 'vitest';
import type { NativeSet } from '../../connectors/contract.ts';
import { createRemote, addPeople, edit, rowsOf } from './remote.ts';
import type { Remote } from './remote.ts';

interface Letter {
  readonly id: number;
  readonly label: string;
  readonly kind: string;
  readonly after: string;
  readonly cells: string;
  readonly code: string;
  readonly message: string;
  readonly grp: string;
  readonly state: string;
  readonly attempts: number;
}

function letters({ place }: Remote, ...states: readonly string[]): readonly Letter[] {
  const all = place.workspace.db.prepare<[], Letter>('SELECT * FROM dead_letter ORDER BY id').all();
  return states.length === 0 ? all : all.filter((one) => states.includes(one.state));
}

const minute = 60_000;

/** Refuses names that are too long, unless told otherwise. */
async function strictRemote(people: number): Promise<{ readonly remote: Remote; readonly rule: { longest: number } }> {
  const rule = { longest: 12 };
  const remote = await createRemote(people, {
    refuses: (row: NativeSet) =>
      String(row['name']).length > rule.longest ? `name "${String(row['name'])}" is longer than ${rule.longest}` : undefined,
  });
  await remote.place.run('people');
  return { remote, rule };
}

const long = 'A name that is too long';

describe('a record that its place refuses', () => {
  it('becomes a dead letter with its payload, and the others are written', async () => {
    const { remote } = await strictRemote(50);
    await using _ = remote;
    edit(remote.here, 7, { name: long });
    edit(remote.here, 8, { name: 'Short' });
    const run = await remote.place.run('people');
    expect(run).toMatchObject({ status: 'partial', counts: { there: { updated: 1, failed: 1 } } });
    expect(letters(remote)).toMatchObject([
      {
        kind: 'update',
        state: 'open',
        attempts: 1,
        code: 'constraint',
        after: JSON.stringify({ name: long }),
        cells: JSON.stringify({ name: long }),
      },
    ]);
    expect(letters(remote)[0]?.message).toContain('longer than 12');
  });

  it('waits without being planned, and without making the next run any worse', async () => {
    const { remote } = await strictRemote(20);
    await using _ = remote;
    edit(remote.here, 7, { name: long });
    await remote.place.run('people');
    const plan = await remote.place.plan('people');
    expect(plan.operations).toEqual([]);
    expect(await remote.place.run('people')).toMatchObject({ status: 'complete', counts: { there: { failed: 0 } } });
    expect(letters(remote)).toMatchObject([{ state: 'open', attempts: 1 }]);
  });

  it('is tried again later and later, and settles once it is let through', async () => {
    const { remote, rule } = await strictRemote(20);
    await using _ = remote;
    edit(remote.here, 7, { name: long });
    await remote.place.run('people');
    remote.pass(2 * minute);
    expect(await remote.place.run('people')).toMatchObject({ counts: { there: { failed: 1 } } });
    remote.pass(2 * minute);
    expect(await remote.place.run('people')).toMatchObject({ counts: { there: { failed: 0 } } });
    expect(letters(remote)).toMatchObject([{ state: 'open', attempts: 2 }]);
    rule.longest = 40;
    remote.pass(4 * minute);
    expect(await remote.place.run('people')).toMatchObject({ status: 'complete', counts: { there: { updated: 1 } } });
    expect(letters(remote)).toMatchObject([{ state: 'settled' }]);
    expect(remote.names().get('p7@example.org')).toBe(long);
  });

  it('is tried at once with another value, and after a change of the configuration', async () => {
    const { remote } = await strictRemote(20);
    await using _ = remote;
    edit(remote.here, 7, { name: long });
    edit(remote.here, 8, { name: `${long} too` });
    await remote.place.run('people');
    edit(remote.here, 7, { name: 'Mended' });
    expect(await remote.place.run('people')).toMatchObject({ counts: { there: { updated: 1, failed: 0 } } });
    expect(letters(remote, 'open')).toHaveLength(1);
    const { workspace } = remote.place;
    const { body } = workspace.configuration();
    const people = body.syncs['people'];
    if (people === undefined) throw new Error('no sync');
    workspace.publish({ ...body, syncs: { people: { ...people, title: 'Persons' } } }, 'another title');
    expect(await remote.place.run('people')).toMatchObject({ counts: { there: { failed: 1 } } });
    expect(letters(remote, 'open')).toMatchObject([{ attempts: 2 }]);
  });

  it('is settled when nobody needs the operation any more', async () => {
    const { remote } = await strictRemote(20);
    await using _ = remote;
    edit(remote.here, 7, { name: long });
    await remote.place.run('people');
    edit(remote.here, 7, { name: 'Person 7' });
    await remote.place.run('people');
    expect(letters(remote)).toMatchObject([{ state: 'settled' }]);
  });

  it('never keeps fresh operations waiting', async () => {
    const { remote } = await strictRemote(30);
    await using _ = remote;
    for (let id = 1; id <= 10; id += 1) edit(remote.here, id, { name: `${long} ${id}` });
    await remote.place.run('people');
    expect(letters(remote, 'open')).toHaveLength(10);
    remote.place.workspace.db.exec("UPDATE dead_letter SET state = 'retry'");
    addPeople(remote.here, 101, 5);
    edit(remote.here, 20, { name: 'Fresh' });
    for (let id = 1; id <= 10; id += 1) edit(remote.here, id, { name: `N${id}` });
    const before = remote.there.journal.length;
    await remote.place.run('people');
    const written = remote.there.journal.slice(before).map(({ kind, set }) => `${kind} ${String(set['name'])}`);
    expect(written.slice(0, 6).toSorted()).toEqual(
      ['update Fresh', ...[101, 102, 103, 104, 105].map((id) => `create Person ${id}`)].toSorted(),
    );
    expect(written.slice(6)).toHaveLength(10);
  });

  it('belongs to a group with those that failed alike', async () => {
    const { remote } = await strictRemote(20);
    await using _ = remote;
    edit(remote.here, 3, { name: `${long} 3` });
    edit(remote.here, 4, { name: `${long} 4 and more` });
    await remote.place.run('people');
    expect(new Set(letters(remote).map(({ grp }) => grp)).size).toBe(1);
    expect(rowsOf(remote.there)).toHaveLength(20);
  });
});
