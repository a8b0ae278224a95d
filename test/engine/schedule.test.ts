// Schedules: when a sync is due, catching up once, and triggers that fire for what others did and not for what the run did itself.
import { renameSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ScheduleConfig } from '../../main/config/schema.ts';
import { nextDue, nextFullDue } from '../../main/engine/schedule/due.ts';
import { createScheduler, setPaused } from '../../main/engine/schedule/scheduler.ts';
import type { Cause, Scheduler } from '../../main/engine/schedule/scheduler.ts';
import { verificationTable } from '../../main/store/tables/verifications.ts';
import { customers, ledgerTable, shopFile } from '../harness/two-places.ts';
import { createPlace } from '../harness/workspace.ts';
import type { TestPlace } from '../harness/workspace.ts';

const plain = { windowFor: 'full', after: [], watch: false } as const;
const at = (text: string) => Date.parse(text);
const iso = (moment: number | undefined) => (moment === undefined ? '' : new Date(moment).toISOString());

/** All times at which it is due between two moments. */
function allDue(schedule: Partial<ScheduleConfig>, from: string, to: string): string[] {
  const found: string[] = [];
  for (let now = at(from); ; ) {
    const next = nextDue('s', { ...plain, ...schedule }, now);
    if (next === undefined || next >= at(to)) return found;
    found.push(iso(next));
    now = next;
  }
}

describe('when a sync is due', () => {
  it('counts intervals from a fixed beginning, so that a restart shifts nothing', () => {
    expect(allDue({ every: '15m' }, '2026-05-01T10:07:00Z', '2026-05-01T11:00:00Z')).toEqual([
      '2026-05-01T10:15:00.000Z',
      '2026-05-01T10:30:00.000Z',
      '2026-05-01T10:45:00.000Z',
    ]);
  });

  it('runs once after the gap of summer time, and once in the hour that comes twice', () => {
    const cron = { cron: '30 2 * * *', zone: 'Europe/Paris' };
    const spring = allDue(cron, '2026-03-27T12:00:00Z', '2026-03-31T00:00:00Z');
    expect(spring).toEqual(['2026-03-28T01:30:00.000Z', '2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z']);
    const autumn = allDue(cron, '2026-10-24T12:00:00Z', '2026-10-27T00:00:00Z');
    expect(autumn).toHaveLength(2);
    expect(autumn[0]).toMatch(/^2026-10-25T0[01]:30/);
    expect(autumn[1]).toBe('2026-10-26T01:30:00.000Z');
  });

  it('keeps the full run inside its window, which may pass midnight', () => {
    const full = { ...plain, full: '0 12 * * *', within: '23:00-02:00', zone: 'UTC' } as const;
    expect(iso(nextFullDue('s', full, at('2026-05-01T00:00:00Z')))).toBe('2026-05-01T23:00:00.000Z');
    expect(iso(nextFullDue('s', { ...full, full: '30 1 * * *' }, at('2026-05-01T00:00:00Z')))).toBe('2026-05-01T01:30:00.000Z');
    const all = { every: '1h', within: '01:00-03:00', windowFor: 'all', zone: 'UTC' } as const;
    expect(allDue(all, '2026-05-01T00:30:00Z', '2026-05-02T00:00:00Z')).toEqual(['2026-05-01T01:00:00.000Z', '2026-05-01T02:00:00.000Z']);
  });

  it('spreads starts by a jitter that is the same each time it is asked', () => {
    const schedule = { ...plain, every: '1h', jitter: '10m' } as const;
    const starts = ['a', 'b', 'c', 'd'].map((name) => nextDue(name, schedule, at('2026-05-01T10:00:00Z')) ?? 0);
    for (const start of starts) {
      expect(start).toBeGreaterThanOrEqual(at('2026-05-01T11:00:00Z'));
      expect(start).toBeLessThan(at('2026-05-01T11:10:00Z'));
    }
    expect(new Set(starts).size).toBe(4);
    expect(starts[0]).toBe(nextDue('a', schedule, at('2026-05-01T10:00:00Z')));
  });
});

interface Scheduled extends AsyncDisposable {
  readonly place: TestPlace;
  readonly scheduler: Scheduler;
  readonly started: { readonly sync: string; readonly cause: Cause }[];
  set(time: string): void;
}

/** A sync with a schedule, and a clock that the test moves. */
async function scheduled(schedule: object, more: Readonly<Record<string, object>> = {}): Promise<Scheduled> {
  let now = at('2026-05-01T10:00:00Z');
  const base = customers({ schedule });
  const [sync] = Object.values(base.syncs);
  const others = Object.fromEntries(Object.entries(more).map(([id, own]) => [id, { ...(sync as object), schedule: own }]));
  const place = await createPlace({ ...base, syncs: { ...base.syncs, ...others } }, { 'shop.csv': shopFile }, { now: () => now });
  place.sql('ledger.db', ledgerTable);
  const started: { sync: string; cause: Cause }[] = [];
  const scheduler = createScheduler({
    workspace: place.workspace,
    quietMs: 60,
    onStart: (_run, name, cause) => void started.push({ sync: name, cause }),
    onError: (error) => {
      throw error;
    },
  });
  return {
    place,
    scheduler,
    started,
    set(time) {
      now = at(time);
      scheduler.tick();
    },
    async [Symbol.asyncDispose]() {
      await scheduler[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
  };
}

describe('the scheduler', () => {
  it('starts what is due, and after a sleep of days catches up once', async () => {
    await using it = await scheduled({ every: '1h' });
    expect(it.started).toEqual([]);
    it.set('2026-05-01T11:00:01Z');
    await it.scheduler.idle();
    expect(it.started).toEqual([{ sync: 'customers', cause: 'due' }]);
    it.set('2026-05-04T09:30:00Z');
    it.set('2026-05-04T09:31:00Z');
    await it.scheduler.idle();
    expect(it.started).toHaveLength(2);
    it.set('2026-05-04T10:00:00Z');
    await it.scheduler.idle();
    expect(it.started).toHaveLength(3);
  });

  it('compares all places when that is due, keeps what it found, and starts no run for it', async () => {
    await using it = await scheduled({ cron: '0 9 * * *', verify: '0 3 * * *', zone: 'UTC' });
    it.set('2026-05-02T09:00:01Z');
    await it.scheduler.idle();
    const found = () => verificationTable(it.place.workspace.db).newest('customers', 9);
    expect(found().map(({ cause }) => cause)).toEqual(['schedule']);
    expect(it.started).toEqual([{ sync: 'customers', cause: 'due' }]);
    it.place.sql('ledger.db', "UPDATE people SET town = 'Bern' WHERE email = 'ann@example.org'");
    it.set('2026-05-03T03:00:01Z');
    it.set('2026-05-03T03:01:01Z');
    await it.scheduler.idle();
    expect(found().map(({ differing }) => differing)).toEqual([1, expect.any(Number)]);
    expect(it.started).toHaveLength(1);
  });

  it('catches up what was missed while nothing ran it, once', async () => {
    await using it = await scheduled({ cron: '0 3 * * *', zone: 'UTC', full: '0 4 * * 0' });
    await it.scheduler[Symbol.asyncDispose]();
    it.set('2026-05-04T09:30:00Z'); // closed: nothing happens
    const causes: Cause[] = [];
    const later = createScheduler({
      workspace: it.place.workspace,
      onStart: (_run, _sync, cause) => void causes.push(cause),
      onError: () => undefined,
    });
    await later.idle();
    later.tick();
    await later.idle();
    await later[Symbol.asyncDispose]();
    expect(causes).toEqual(['full']);
  });

  it('is not misled by a clock that goes back', async () => {
    await using it = await scheduled({ every: '1h' });
    it.set('2027-01-01T00:00:00Z');
    await it.scheduler.idle();
    it.set('2026-05-01T10:30:00Z');
    it.set('2026-05-01T11:00:00Z');
    await it.scheduler.idle();
    expect(it.started).toHaveLength(2);
  });

  it('pauses and goes on', async () => {
    await using it = await scheduled({ every: '1h' });
    setPaused(it.place.workspace, 'customers', true);
    it.set('2026-05-01T11:00:01Z');
    await it.scheduler.idle();
    expect(it.started).toEqual([]);
    setPaused(it.place.workspace, 'customers', false);
    it.scheduler.tick();
    await it.scheduler.idle();
    expect(it.started).toHaveLength(1);
  });

  it('runs a sync after another one', async () => {
    await using it = await scheduled({ every: '1h' }, { second: { after: ['customers'] } });
    it.set('2026-05-01T11:00:01Z');
    await it.scheduler.idle();
    expect(it.started).toEqual([
      { sync: 'customers', cause: 'due' },
      { sync: 'second', cause: 'after' },
    ]);
  });
});

describe('a watched file', () => {
  const settled = async (it: Scheduled, count: number) => {
    await expect.poll(() => it.started.length, { timeout: 5000 }).toBe(count);
    await it.scheduler.idle();
  };
  const quiet = () => new Promise((resolve) => setTimeout(resolve, 400));

  it('starts the sync when somebody changed it, and not for what the run wrote', async () => {
    await using it = await scheduled({ watch: true });
    it.place.write('shop.csv', it.place.read('shop.csv').replace('Bob', 'Rob'));
    await settled(it, 1);
    it.place.sql('ledger.db', "INSERT INTO people (email, name) VALUES ('eve@example.org', 'Eve')");
    await settled(it, 2);
    expect(it.place.read('shop.csv')).toContain('Eve'); // the run wrote the file that is watched
    await quiet();
    expect(it.started).toHaveLength(2);
  });

  it('is read once it is whole: not half-written, and not while its program holds it', async () => {
    await using it = await scheduled({ watch: true });
    const whole = it.place.read('shop.csv').replace('Bob', 'Rob').concat('9,eve@example.org,Eve,Cork,1.00\n');
    const path = it.place.path('shop.csv');
    const lock = it.place.path('.~lock.shop.csv#');
    writeFileSync(lock, 'somebody');
    for (let length = 40; length < whole.length; length += 25) {
      it.place.write('shop.csv', whole.slice(0, length));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await quiet();
    expect(it.started).toEqual([]);
    writeFileSync(`${path}.new`, whole);
    renameSync(`${path}.new`, path);
    renameSync(lock, `${lock}.gone`);
    await settled(it, 1);
    expect(it.place.rows('ledger.db', "SELECT name FROM people WHERE email = 'eve@example.org'")).toEqual([{ name: 'Eve' }]);
    expect(it.place.read('shop.csv').split('\n')).toHaveLength(whole.split('\n').length);
  });
});

describe('a schedule that cannot be', () => {
  it.each([
    [{ every: '15m', cron: '* * * * *' }, 'not both'],
    [{ cron: '61 * * * *' }, 'no cron pattern'],
    [{ cron: '0 3 31 2 *' }, 'never comes'],
    [{ every: '1s' }, 'at least 10 seconds'],
    [{ cron: '0 3 * * *', zone: 'Europe/Atlantis' }, 'is no time zone'],
    [{ after: ['custmers'] }, 'unknown sync "custmers"; did you mean "customers"?'],
    [{ after: ['customers'] }, 'would run for ever'],
    [{}, 'says no time and no trigger'],
  ])('%o is refused: %s', async (schedule, why) => {
    await expect(createPlace(customers({ schedule }), { 'shop.csv': shopFile })).rejects.toThrow(why);
  });
});
