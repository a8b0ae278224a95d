// The laws of the reconciler on generated histories of one record: convergence, nothing lost, nothing invented, order, stability.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Field, FirstPolicy, Policy } from '../../../main/core/model/field.ts';
import type { EndpointModel, SyncModel } from '../../../main/core/model/sync.ts';
import { equalValues } from '../../../main/core/model/value.ts';
import { endpoint, field, model, short, strict, whole } from './support.ts';
import { type Step, World } from './world.ts';

const names = ['a', 'b', 'c', 'd'];
const order: Policy = { kind: 'priority', order: ['b', 'a'] };

const policies: fc.Arbitrary<readonly Policy[]> = fc.constantFrom<readonly Policy[]>(
  [{ kind: 'manual' }],
  [{ kind: 'newest' }, { kind: 'manual' }],
  [order, { kind: 'manual' }],
  [{ kind: 'merge', how: 'max' }, { kind: 'manual' }],
);
const first: fc.Arbitrary<readonly FirstPolicy[]> = fc.constantFrom<readonly FirstPolicy[]>(
  [{ kind: 'manual' }],
  [{ kind: 'fill' }, { kind: 'manual' }],
  [{ kind: 'fill' }, { kind: 'priority', order: ['c', 'a', 'b'] }, { kind: 'manual' }],
  [{ kind: 'newest' }, { kind: 'manual' }],
);
const authority: fc.Arbitrary<Pick<Field, 'authority'>> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.record({
      authority: fc.record({ only: fc.constantFrom(['a'], ['a', 'b']), otherwise: fc.constantFrom('revert' as const, 'report' as const) }),
    }),
  },
);
const aField = (name: string): fc.Arbitrary<Field> =>
  fc
    .tuple(policies, authority, fc.constantFrom('text' as const, 'date' as const))
    .map(([rules, rule, kind]) =>
      field(name, { policies: rules, ...rule, type: kind === 'date' ? { kind: 'date' } : { kind: 'text', normal: [] } }),
    );
const lens = fc
  .tuple(
    fc.constantFrom(whole, whole, short, strict),
    fc.constantFrom('both' as const, 'both' as const, 'both' as const, 'read' as const, 'write' as const),
    fc.constantFrom('propagate' as const, 'propagate' as const, 'ignore' as const, 'ask' as const),
  )
  .map(([make, direction, blank]) => make({ direction, blank }));
const anEndpoint = (name: string): fc.Arbitrary<EndpointModel> =>
  fc
    .record({
      lenses: fc.record({ name: lens, city: lens }),
      allow: fc.constantFrom<EndpointModel['allow']>(
        ['create', 'update', 'delete'],
        ['create', 'update', 'delete'],
        ['create', 'update'],
        ['update'],
        [],
      ),
      deletes: fc.constantFrom('propagate' as const, 'propagate' as const, 'archive' as const, 'ignore' as const, 'ask' as const),
      absentScans: fc.constantFrom(1, 1, 2),
    })
    .map((one) => endpoint(name, one.lenses, { ...one, archive: { field: 'city', value: 'zzz' } }));
const aModel: fc.Arbitrary<SyncModel> = fc.integer({ min: 1, max: 4 }).chain((count) =>
  fc
    .tuple(
      aField('name'),
      aField('city'),
      fc.tuple(...names.slice(0, count).map(anEndpoint)),
      fc.record({
        first,
        presence: fc.constantFrom('manual' as const, 'update' as const, 'delete' as const),
        skewMs: fc.constantFrom(0, 2),
      }),
    )
    .map(([one, other, endpoints, rest]) => model([one, other], endpoints, rest)),
);
const few = fc.array(fc.nat({ max: 3 }), { maxLength: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      endpoint: fc.nat({ max: 3 }),
      field: fc.nat({ max: 1 }),
      value: fc.constantFrom('new' as const, 'new' as const, 'new' as const, 'same' as const, 'longer' as const, 'blank' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), endpoint: fc.nat({ max: 3 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('run' as const),
      skip: few,
      fail: few,
      lost: few,
      withheld: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('choose' as const), field: fc.nat({ max: 1 }), taken: fc.nat({ max: 5 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('keep' as const), keep: fc.boolean() }) },
);

const plainRun = { skip: [], fail: [], lost: [], withheld: false };

function lived(sync: SyncModel, rows: readonly boolean[], steps: readonly Step[]): World {
  const world = new World(sync, rows);
  world.run(plainRun);
  for (const one of steps) world.apply(one);
  return world;
}

/** Runs without faults until a run asks for nothing and no evidence is missing; that takes a few runs, never many. */
function settle(world: World): void {
  for (let runs = 0; runs < 8; runs += 1) {
    const before = JSON.stringify([
      world.state.golden,
      world.state.holds,
      world.state.status,
      [...world.rows],
      Object.keys(world.state.links),
    ]);
    world.run(plainRun);
    const now = JSON.stringify([
      world.state.golden,
      world.state.holds,
      world.state.status,
      [...world.rows],
      Object.keys(world.state.links),
    ]);
    const isWaiting = world.model.endpoints.some(({ name, absentScans }) => {
      const scans = world.state.links[name]?.absence?.scans;
      return scans !== undefined && scans < absentScans;
    });
    if (world.last?.intents.length === 0 && before === now && !isWaiting) return;
  }
  throw new Error('The record did not settle in 8 runs.');
}

const history = fc.tuple(aModel, fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), fc.array(step, { maxLength: 14 }));
const runs = { numRuns: 750 };

test('runs converge: every endpoint shows the image of the agreed values, and a further run does nothing', () => {
  fc.assert(
    fc.property(history, ([sync, rows, steps]) => {
      const world = lived(sync, rows, steps);
      settle(world);
      world.run(plainRun);
      expect(world.last?.intents).toEqual([]);
      if (world.state.status === 'deleted' || world.state.presence !== undefined) return;
      for (const { name, lenses, allow } of sync.endpoints) {
        const row = world.rows.get(name);
        const status = world.state.links[name]?.status;
        if (!row || status !== 'live' || !allow.includes('update')) continue;
        for (const [fieldName, one] of Object.entries(lenses)) {
          const golden = world.state.golden[fieldName];
          if (one.direction !== 'both' || golden === undefined || Object.hasOwn(world.state.holds, fieldName)) continue;
          const image = one.image(golden);
          if (image.ok) expect([name, fieldName, row.values[fieldName]]).toEqual([name, fieldName, image.value]);
        }
      }
    }),
    runs,
  );
});

test('no value that was seen is lost: it is agreed, waits in a conflict, or is in the history', () => {
  fc.assert(
    fc.property(history, ([sync, rows, steps]) => {
      const world = lived(sync, rows, steps);
      settle(world);
      const accounted = world.accounted();
      const lost = [...world.seen].filter((value) => !accounted.has(value) && !isShownImage(value, accounted));
      expect(lost).toEqual([]);
    }),
    runs,
  );
});

/** An endpoint of three characters showed a longer value that is accounted for. */
function isShownImage(value: string, accounted: ReadonlySet<string>): boolean {
  const [name = '', text = ''] = value.split('=');
  return text.length === 3 && [...accounted].some((other) => other.startsWith(`${name}=${text}`));
}

test('no value is invented: everything at an endpoint was written by a person, or is an image of it', () => {
  fc.assert(
    fc.property(history, ([sync, rows, steps]) => {
      const world = lived(sync, rows, steps);
      settle(world);
      const known = new Set([...world.written, 'name=null', 'city=null', 'city=zzz']);
      for (const value of Array.from(known)) known.add(value.slice(0, value.indexOf('=') + 4));
      for (const row of world.rows.values()) {
        for (const [name, value] of Object.entries(row.values)) expect([...known]).toContain(`${name}=${String(value)}`);
      }
      for (const [name, value] of Object.entries(world.state.golden)) expect([...known]).toContain(`${name}=${String(value)}`);
    }),
    runs,
  );
});

test('a settled record with nothing open says so', () => {
  fc.assert(
    fc.property(history, ([sync, rows, steps]) => {
      const world = lived(sync, rows, steps);
      settle(world);
      const { holds, presence, links, golden, status } = world.state;
      const isOpen =
        Object.keys(holds).length > 0 || presence !== undefined || Object.values(links).some((link) => link.status === 'absent');
      if (isOpen) return;
      const isUnwritable = sync.endpoints.some(({ lenses, allow }) =>
        Object.entries(lenses).some(([name, one]) => allow.length > 0 && golden[name] !== undefined && !one.image(golden[name]).ok),
      );
      if (status === 'live' && !isUnwritable) expect(world.last?.unsettled).toBe(false);
    }),
    runs,
  );
});

test('equal values are one value whatever the order of the list they stand in', () => {
  expect(equalValues(['a', 'b'], ['a', 'b'])).toBe(true);
  expect(equalValues(['a', 'b'], ['b', 'a'])).toBe(false);
});
