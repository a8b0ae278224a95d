// Words and places: outcomes of runs, filters in the route, keycaps, where a need is settled.
import { describe, expect, it } from 'vitest';
import { pathOf, queryOf } from '../../renderer/route-text.ts';
import { placeOfNeed } from '../../renderer/features/overview/need-place.ts';
import { filterOf, isFiltered, itemsInput, searchOf } from '../../renderer/features/run/run-filter.ts';
import { addWithheld, approvalOf, withheldWords } from '../../renderer/features/run/withheld.ts';
import { matches, needsPerson } from '../../renderer/features/syncs/sync-filter.ts';
import { isWide, placeOf } from '../../renderer/shell/places.ts';
import { resultLine } from '../../renderer/shell/result.ts';
import { itemWord, runWord } from '../../renderer/shell/words.ts';
import { capsOf } from '../../renderer/ui/key-names.ts';

const none = { created: 0, updated: 0, deleted: 0, failed: 0, withheld: 0, skipped: 0, moved: 0 };

describe('the outcome of a run', () => {
  it('names what happened and leaves out what did not', () => {
    expect(resultLine({ status: 'partial', counts: { ...none, created: 1_200, failed: 1 }, conflictsOpened: 1 })).toBe(
      '1,200 created, 1 failed, 1 conflict opened',
    );
  });
  it('says so when nothing was to do, or nothing was written', () => {
    expect(resultLine({ status: 'complete', counts: none, conflictsOpened: 0 })).toBe('nothing to do');
    expect(resultLine({ status: 'failed', counts: none, conflictsOpened: 0 })).toBe('failed, nothing was written');
    expect(resultLine({ status: 'cancelled', counts: none, conflictsOpened: 0 })).toBe('cancelled, nothing was written');
  });
  it('is green only for a whole success', () => {
    const green = Object.entries(runWord).filter(([, word]) => word.tone === 'insync');
    expect(green.map(([status]) => status)).toEqual(['complete']);
  });
  it('speaks of an operation in the past only once it is done', () => {
    expect(itemWord({ kind: 'create', state: 'done' }).word).toBe('Created');
    expect(itemWord({ kind: 'create', state: 'planned' }).word).toBe('Create');
    expect(itemWord({ kind: 'update', state: 'failed' })).toMatchObject({ word: 'Failed', tone: 'failed' });
    expect(itemWord({ kind: 'delete', state: 'withheld' }).word).toBe('Withheld');
  });
});

describe('the filter of a run', () => {
  it('goes to the route and back unchanged', () => {
    const filter = { kind: 'update', state: 'done', endpoint: 'shop & co', text: 'a=b' } as const;
    expect(filterOf(searchOf(filter).slice(1))).toEqual(filter);
  });
  it('leaves out words that it does not know', () => {
    expect(filterOf('kind=explode&state=gone')).toEqual({ kind: '', state: '', endpoint: '', text: '' });
    expect(isFiltered(filterOf('kind=explode'))).toBe(false);
  });
  it('asks only for what is filtered', () => {
    expect(itemsInput(7, filterOf('kind=create'), 200, 100)).toEqual({ run: 7, offset: 200, limit: 100, kind: 'create' });
  });
});

describe('places', () => {
  it('belong to an entry of the navigation', () => {
    expect(['/', '/syncs/a', '/plans/3', '/conflicts/9', '/runs/4/log', '/connections'].map(placeOf)).toEqual([
      '/',
      '/syncs',
      '/syncs',
      '/conflicts',
      '/runs',
      '/connections',
    ]);
  });
  it('with three panes use the rail', () => {
    expect(['/conflicts', '/plans/1', '/runs/1', '/syncs/a/mapping'].every(isWide)).toBe(true);
    expect(['/', '/runs', '/syncs/a', '/connections'].some(isWide)).toBe(false);
  });
  it('keep their query apart from their path', () => {
    expect([pathOf('/runs?status=failed'), queryOf('/runs?status=failed'), queryOf('/runs')]).toEqual(['/runs', 'status=failed', '']);
  });
  it('settle what needs a person', () => {
    expect(placeOfNeed({ kind: 'conflicts', sync: 'a b' })).toBe('/conflicts?sync=a%20b');
    expect(placeOfNeed({ kind: 'withheld', sync: 'a', run: 3 })).toBe('/runs/3?kind=withheld');
    expect(placeOfNeed({ kind: 'failed', sync: 'a' })).toBe('/syncs/a');
  });
});

describe('the registry of syncs', () => {
  const endpoint = { name: 'shop', connection: 'web', connector: 'csv', dataset: 'Kunden', reads: true, writes: true };
  const sync = { id: 'customers', title: 'Customers', owner: 'Mara', endpoints: [endpoint], conflicts: 0 };
  it('finds a sync by its name, owner or endpoint', () => {
    expect(['cust', 'MARA', 'kunden', ' web ', ''].every((text) => matches(sync, text))).toBe(true);
    expect(matches(sync, 'orders')).toBe(false);
  });
  it('knows which syncs need a person', () => {
    expect(needsPerson(sync)).toBe(false);
    expect(needsPerson({ conflicts: 2 })).toBe(true);
    expect(needsPerson({ conflicts: 0, lastRun: { id: 1, status: 'failed', at: 0, summary: '' } })).toBe(true);
    expect(needsPerson({ conflicts: 0, lastRun: { id: 1, status: 'complete', at: 0, summary: '' } })).toBe(false);
  });
});

describe('keycaps', () => {
  it('show a combination on one cap and a sequence on several', () => {
    expect(capsOf('$mod+K')).toEqual(['Ctrl K']);
    expect(capsOf('g c')).toEqual(['g', 'c']);
    expect(capsOf('[Shift]+?')).toEqual(['?']);
    expect(capsOf('[')).toEqual(['[']);
    expect(capsOf('Enter')).toEqual(['⏎']);
  });
});

describe('what a limit withheld', () => {
  const items = [{ wouldBe: 'delete' }, { wouldBe: 'delete' }, { wouldBe: 'update' }, {}] as const;
  it('is counted page by page', () => {
    expect(addWithheld(items, addWithheld(items))).toEqual({ creates: 0, updates: 2, deletes: 4, cells: 0 });
  });
  it('is approved only as far as it goes', () => {
    expect(approvalOf(addWithheld(items))).toEqual({ deletes: 2, updates: 1 });
    expect(approvalOf(addWithheld([{ wouldBe: 'delete' }]))).toEqual({ deletes: 1 });
    expect(withheldWords(addWithheld(items))).toBe('2 deletes and 1 update');
  });
});
