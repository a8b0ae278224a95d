// The disk that holds the workspace (state, plan in the making, backups) is full: whatever it is that finds no room, the run says so, nothing is torn,
// and once there is room everything is done, once.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mayMount } from '../harness/mounts.ts';
import { customers, ledgerTable, shopColumns } from '../harness/two-places.ts';
import { createPlace } from '../harness/workspace.ts';
import type { TestPlace } from '../harness/workspace.ts';

const rows = 3000;
const kilobyte = 1024;

const fileOf = (city: (id: number) => string) =>
  `${[shopColumns, ...Array.from({ length: rows }, (_, at) => `${at + 1},p${at + 1}@example.org,Person ${at + 1},${city(at + 1)},1.00`)].join('\n')}\n`;

describe.runIf(mayMount)('a workspace on a full disk', () => {
  const disk = mkdtempSync(join(tmpdir(), 'kanto-small-'));
  beforeAll(() => execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', disk]));
  afterAll(() => {
    execFileSync('umount', [disk]);
    rmSync(disk, { recursive: true, force: true });
  });

  let problems = 0;
  const filler = join(disk, 'filler');
  /** Leaves so many bytes. */
  const fill = (room: number) => {
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - room)));
  };

  async function withPlace(use: (place: TestPlace, data: string) => Promise<void>): Promise<void> {
    const data = mkdtempSync(join(tmpdir(), 'kanto-data-'));
    const configuration = customers({
      policies: { default: [{ priority: ['shop', 'ledger'] }] },
      limits: { updates: { count: 100_000, share: 1 }, changed: { count: 100_000, share: 1 } },
    });
    const connections = {
      shop: { connector: 'csv', config: { path: join(data, 'shop.csv') } },
      ledger: { connector: 'sqlite', config: { path: join(data, 'ledger.db') } },
    };
    try {
      mkdirSync(data, { recursive: true });
      await using place = await createPlace({ ...configuration, connections }, {}, { parent: disk });
      await use(place, data);
    } finally {
      rmSync(filler, { force: true });
      rmSync(data, { recursive: true, force: true });
    }
  }

  it.each([16, 300, 1000, 2000, 3000])('with %i KB left', async (left) => {
    await withPlace(async (place, data) => {
      const shop = join(data, 'shop.csv');
      writeFileSync(
        shop,
        fileOf(() => 'Rome'),
      );
      place.sql(join(data, 'ledger.db'), ledgerTable);
      expect((await place.run('customers')).status).toBe('complete');
      await place.restart();

      // Half of the shop moves, and somebody renames a few in the ledger, so that both are written.
      writeFileSync(
        shop,
        fileOf((id) => (id % 2 === 0 ? `Turin ${id}` : 'Rome')),
      );
      place.sql(join(data, 'ledger.db'), "UPDATE people SET name = name || ' the elder' WHERE nr % 500 = 0");
      const ledger = () => place.rows(join(data, 'ledger.db'), 'SELECT email, name, town FROM people ORDER BY email');
      fill(left * kilobyte);
      const said = await place.run('customers').then(
        ({ status, problem }) => (status === 'complete' ? undefined : `${problem?.message} ${problem?.remedy}`),
        (error: unknown) => String(error),
      );
      if (said !== undefined) expect(said).toContain(`There is no room left on the disk that holds the workspace (${place.folder}`);
      problems += said === undefined ? 0 : 1;
      expect(readFileSync(shop, 'utf8').split('\n')).toHaveLength(rows + 2);

      rmSync(filler);
      await place.restart();
      await place.workspace.resumeAll();
      expect((await place.run('customers')).status).toBe('complete');
      const turned = ledger() as { email: string; name: string; town: string }[];
      expect(turned).toHaveLength(rows);
      expect(turned.filter(({ town }) => town.startsWith('Turin'))).toHaveLength(rows / 2);
      expect(turned.filter(({ name }) => name.endsWith('the elder'))).toHaveLength(rows / 500);
      expect(readFileSync(shop, 'utf8').match(/the elder/g)).toHaveLength(rows / 500);
      expect(readFileSync(shop, 'utf8').trimEnd().split('\n')).toHaveLength(rows + 1);
      expect((await place.plan('customers')).operations).toEqual([]);
    });
  });

  it.each([40, 150])('a backup with %i KB left is refused in words, leaves no half of it, and is made once there is room', async (left) => {
    let now = Date.now();
    const place = await createPlace(customers(), { 'shop.csv': fileOf(() => 'Rome') }, { parent: disk, now: () => now });
    try {
      place.sql('ledger.db', ledgerTable);
      expect((await place.run('customers')).status).toBe('complete');
      await place.workspace[Symbol.asyncDispose](); // its log gives its room back
      now += 3 * 86_400_000;
      fill(left * kilobyte);
      await expect(place.restart()).rejects.toMatchObject({
        code: 'disk-full',
        message: expect.stringMatching(/no room left .*state\.db, or for its backup/) as string,
      });
      const backups = join(place.folder, 'workspace', 'backups');
      const kept = () => (existsSync(backups) ? readdirSync(backups).filter((name) => name.startsWith('state-')) : []);
      expect(kept()).toEqual([]);
      rmSync(filler);
      await place.restart();
      expect(kept()).toHaveLength(1);
      expect((await place.plan('customers')).operations).toEqual([]);
    } finally {
      rmSync(filler, { force: true });
      await place[Symbol.asyncDispose]();
    }
  });

  it('was too small most of the time', () => expect(problems).toBeGreaterThan(3));
});
