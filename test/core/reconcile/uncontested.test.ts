// A field without a contest is decided as its contest would have been.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Field, FirstPolicy } from '../../../main/core/model/field.ts';
import type { LinkState, Observation } from '../../../main/core/model/record.ts';
import type { FieldLens } from '../../../main/core/model/sync.ts';
import type { Value, Values } from '../../../main/core/model/value.ts';
import { changedEndpoints, gather } from '../../../main/core/reconcile/contest.ts';
import { mergeField } from '../../../main/core/reconcile/merge.ts';
import { heardOf, observe } from '../../../main/core/reconcile/observe.ts';
import { isUntouched, sameFirstValue } from '../../../main/core/reconcile/uncontested.ts';
import { endpoint, field, link, model, present, record, short, strict, whole } from './support.ts';

const names = ['a', 'b', 'c'];
const value = fc.constantFrom<Value>('abc', 'abcdef', '', null, true, ['x'], ['x', 'y']);
const values = fc.record({ name: value }, { requiredKeys: [] });
const lens = fc
  .tuple(
    fc.constantFrom(whole, short, strict),
    fc.constantFrom<FieldLens['direction']>('both', 'both', 'read', 'write'),
    fc.constantFrom<FieldLens['blank']>('propagate', 'ignore', 'ask'),
  )
  .map(([make, direction, blank]) => make({ direction, blank }));
const anEndpoint = fc.record({ lenses: fc.record({ name: lens }, { requiredKeys: [] }), deletes: fc.constantFrom('propagate', 'archive') });
const aField: fc.Arbitrary<Field> = fc
  .constantFrom<Pick<Field, 'authority'>>(
    {},
    {},
    { authority: { only: ['a'], otherwise: 'revert' } },
    { authority: { only: ['b'], otherwise: 'report' } },
  )
  .map((rule) => field('name', { ...rule, policies: [{ kind: 'newest' }, { kind: 'manual' }] }));
const first = fc.constantFrom<readonly FirstPolicy[]>([{ kind: 'manual' }], [{ kind: 'fill' }, { kind: 'manual' }], [{ kind: 'newest' }]);
const aModel = fc.tuple(aField, fc.tuple(anEndpoint, anEndpoint, anEndpoint), first).map(([one, places, rules]) =>
  model(
    [one],
    places.map(({ lenses, deletes }, index) =>
      endpoint(names[index] ?? '', lenses as Readonly<Record<string, FieldLens>>, {
        deletes: deletes === 'archive' ? 'archive' : 'propagate',
        archive: { field: 'name', value: 'abc' },
      }),
    ),
    { first: rules },
  ),
);
const status = fc.constantFrom<LinkState['status']>('live', 'live', 'absent', 'outside', 'ignored');
const links = fc.record({ a: known(), b: known(), c: known() }, { requiredKeys: [] });
const observations = fc.record({ a: seen(), b: seen(), c: seen() }, { requiredKeys: [] });
const dropped = fc.subarray(names, { maxLength: 1 }).map((some) => new Set(some));

function known(): fc.Arbitrary<LinkState> {
  return fc.tuple(values, status).map(([shadow, is]) => link(shadow as Values, { status: is }));
}

function seen(): fc.Arbitrary<Observation> {
  return fc.tuple(values, fc.option(fc.nat({ max: 3 }), { nil: undefined })).map(([now, at]) => present(now as Values, at));
}

const runs = { numRuns: 5000 };

test('nobody touched it: the merge keeps what was agreed, and no endpoint has changed it', () => {
  fc.assert(
    fc.property(
      aModel,
      values,
      links,
      observations,
      dropped,
      fc.constantFrom('live' as const, 'deleted' as const),
      (sync, golden, known, found, without, is) => {
        const state = record(golden as Values, known as Readonly<Record<string, LinkState>>, { status: is });
        const heard = heardOf(observe(sync, state, found as Readonly<Record<string, Observation>>, false), without);
        if (!isUntouched('name', state.golden, heard)) return;
        const contest = gather(sync.fields[0] as Field, state.golden, undefined, heard);
        expect(mergeField(contest, sync)).toEqual({ kind: 'keep', reverted: [] });
        expect(changedEndpoints(contest)).toEqual([]);
        expect([contest.edits, contest.fresh, contest.replaced, contest.orphaned, [...contest.moved]]).toEqual([[], [], [], [], []]);
      },
    ),
    runs,
  );
});

test('the same value wherever the new record is shown: the merge takes it from all of them', () => {
  fc.assert(
    fc.property(aModel, links, observations, dropped, (sync, known, found, without) => {
      const state = record({}, known as Readonly<Record<string, LinkState>>);
      const heard = heardOf(observe(sync, state, found as Readonly<Record<string, Observation>>, false), without);
      const same = sameFirstValue('name', heard);
      if (same === undefined) return;
      const contest = gather(sync.fields[0] as Field, {}, undefined, heard);
      expect(mergeField(contest, sync)).toEqual({ kind: 'take', ...same, reverted: [] });
    }),
    runs,
  );
});

test('a different value, or a blank that may mean nothing, is contested', () => {
  const sync = model([field('name')], [endpoint('a', { name: whole() }), endpoint('b', { name: whole({ blank: 'ignore' }) })]);
  const firstOf = (a: Value, b: Value) => {
    const sights = observe(sync, record({}, {}), { a: present({ name: a }), b: present({ name: b }) }, false);
    return sameFirstValue('name', sights);
  };
  expect(firstOf('x', 'y')).toBeUndefined();
  expect(firstOf(null, null)).toBeUndefined();
  expect(firstOf('x', 'x')).toEqual({ value: 'x', by: { kind: 'taken', from: ['a', 'b'] } });
});
