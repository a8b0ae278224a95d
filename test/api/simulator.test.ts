// The simulator through the contract: started, watched, cancelled; it answers others meanwhile and touches nothing real.
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Simulation } from '../../preload/contract/simulator.ts';
import { simulationBoard } from '../../main/api/simulation-board.ts';
import { createTopics } from '../../main/api/topics.ts';
import { customers, ledgerTable, shopFile } from '../harness/two-places.ts';
import { createPlace } from '../harness/workspace.ts';
import type { TestPlace } from '../harness/workspace.ts';
import { apiOf } from './api.ts';
import type { Api } from './api.ts';

const setting = { sync: 'customers', faults: ['crash', 'lost-answers'], seed: 7, histories: 3, rows: 5, sample: false };

describe('the simulator', () => {
  let place: TestPlace;
  let api: Api;
  let states: Simulation[];
  let stop: (() => void) | undefined;

  const ended = () =>
    new Promise<Simulation>((done) => {
      const board = simulationBoard(place.workspace);
      const forget = board.listen(() => {
        if (board.now().status === 'running') return;
        forget();
        done(board.now());
      });
    });

  beforeEach(async () => {
    place = await createPlace(customers(), { 'shop.csv': shopFile });
    place.sql('ledger.db', ledgerTable);
    api = apiOf(place);
    states = [];
    stop = createTopics(place.workspace).subscribe('simulation', (state) => states.push(state as Simulation));
  });
  afterEach(async () => {
    stop?.();
    await simulationBoard(place.workspace).stop();
    await place[Symbol.asyncDispose]();
  });

  it('lists its faults, lives what it was asked, and reports it; nothing real is written', async () => {
    const [shop, ledger] = [readFileSync(place.path('shop.csv')), readFileSync(place.path('ledger.db'))];
    const faults = await api.ask('simulator.faults', {});
    expect(faults.find(({ fault }) => fault === 'crash')?.about).toContain('switched off');
    await api.ask('simulator.start', setting);
    const { status, report, problem } = await ended();
    expect([status, problem]).toEqual(['ended', undefined]);
    expect(report).toMatchObject({ sync: 'customers', seed: 7, asked: 3, histories: 3, cancelled: false, held: true });
    expect(report?.faults.map(({ fault }) => fault)).toEqual(['crash', 'lost-answers']);
    expect(Object.keys(report?.calls ?? {})).toEqual(['shop', 'ledger']);
    expect(report?.calls['shop']?.reads).toBeGreaterThan(0);
    expect(states.at(0)?.status).toBe('none');
    expect(readFileSync(place.path('shop.csv')).equals(shop)).toBe(true);
    expect(readFileSync(place.path('ledger.db')).equals(ledger)).toBe(true);
    const count = (table: string) => place.workspace.db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
    expect([count('run'), count('plan'), count('record')]).toEqual([0, 0, 0]);
  });

  it('is one at a time, lets others in between, and stops when it is cancelled', async () => {
    await api.ask('simulator.start', { ...setting, histories: 5000 });
    await expect(api.ask('simulator.start', setting)).rejects.toThrow('A simulation is under way.');
    expect(await api.ask('syncs.list', {})).toHaveLength(1);
    await vi.waitFor(() => expect(simulationBoard(place.workspace).now().lived).toBeGreaterThan(0), 20_000);
    const end = ended();
    await api.ask('simulator.cancel', {});
    const { report } = await end;
    expect(report?.cancelled).toBe(true);
    expect(report?.histories).toBeLessThan(100);
    await expect(api.ask('simulator.cancel', {})).rejects.toThrow('No simulation is under way.');
  });

  it('names what it does not know', async () => {
    await expect(api.ask('simulator.start', { ...setting, faults: ['hail'] })).rejects.toThrow('There is no fault "hail".');
    await expect(api.ask('simulator.start', { ...setting, sync: 'other' })).rejects.toThrow('other');
  });

  it('says why it could not begin', async () => {
    place.sql('ledger.db', 'ALTER TABLE people RENAME TO customers');
    await api.ask('simulator.start', setting);
    const { status, problem } = await ended();
    expect([status, problem?.code]).toEqual(['failed', 'not-found']);
  });
});
