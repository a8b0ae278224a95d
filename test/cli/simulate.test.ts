// `kanto simulate` on the sample company: what it promises, prints and touches.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { allFaults } from '../../main/simulator/faults.ts';
import { describe, expect, it, vi } from 'vitest';
import type { SimulationReport } from '../../preload/contract/simulator.ts';
import { writeSampleCompany } from '../data/sample-company.ts';
import { createPlace } from './place.ts';

// Every step is a process of its own; a busy machine needs its time.
vi.setConfig({ testTimeout: 240_000 });

function digest(folder: string): string {
  const sum = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const path of files.map((file) => join(file.parentPath, file.name)).sort()) sum.update(path).update(readFileSync(path));
  return sum.digest('hex');
}

describe('kanto simulate', () => {
  it('holds every promise on the sample company, the same way each time, and touches nothing real', async () => {
    const place = await createPlace(false);
    const sample = join(place.folder, 'sample');
    await writeSampleCompany(sample, { seed: 1, customers: 60 });
    await place.kanto('init');
    await place.kanto('apply', sample);
    const before = digest(sample);
    const args = ['simulate', 'customers', '--histories', '8', '--seed', '3', '--rows', '6', '--sample'];
    const first = await place.json<SimulationReport>(...args);
    expect(first.stderr).toBe('');
    expect(first).toMatchObject({ exit: 0, document: { sync: 'customers', histories: 8, held: true, cancelled: false } });
    expect(first.document.failure).toBeUndefined();
    expect(Object.values(first.document.broken).every((histories) => histories === 0)).toBe(true);
    expect(first.document.faults).toHaveLength(allFaults.length);
    const second = await place.json<SimulationReport>(...args);
    expect({ ...second.document, tookMs: 0 }).toEqual({ ...first.document, tookMs: 0 });
    expect(digest(sample)).toBe(before);
    expect((await place.json<{ total: number }>('runs')).document.total).toBe(0);
  });

  it('takes the faults of choice, and says which there are', async () => {
    const place = await createPlace(true);
    const few = await place.json<SimulationReport>('simulate', 'customers', '--faults', 'storms,crash', '--histories', '3');
    expect([few.exit, few.document.faults.map(({ fault }) => fault)]).toEqual([0, ['storms', 'crash']]);
    const none = await place.kanto('simulate', 'customers', '--faults', 'none', '--histories', '2');
    expect([none.exit, none.stdout]).toEqual([0, expect.stringContaining('Every promise held: 2 histories from seed 1')]);
    const wrong = await place.kanto('simulate', 'customers', '--faults', 'storms,hail');
    expect(wrong.exit).toBe(2);
    expect(wrong.stderr).toContain('There is no fault "hail".');
    expect(wrong.stderr).toContain('lost-answers');
    expect((await place.kanto('simulate', 'nobody')).exit).toBe(2);
  });
});
