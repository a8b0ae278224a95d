// The state machines of runs, operations and conflicts.
import { describe, expect, test } from 'vitest';
import { assertTransition, isFinal, type Machine, mayFollow, statesOf } from '../../main/core/model/states.ts';

const machines: readonly Machine[] = ['run', 'operation', 'conflict'];

describe.each(machines)('%s', (machine) => {
  const states = statesOf(machine) as Parameters<typeof isFinal>[1][];
  const nexts = (state: (typeof states)[number]) => states.filter((next) => mayFollow(machine, state, next));

  test('every state is reached from the first, and an end is reached from every state', () => {
    const first = states[0];
    if (first === undefined) throw new Error('no states');
    const reachable = (from: (typeof states)[number]): Set<string> => {
      const found = new Set<string>([from]);
      for (const state of found) for (const next of nexts(state as typeof from)) found.add(next);
      return found;
    };
    expect(new Set(reachable(first))).toEqual(new Set(states));
    for (const state of states) expect([...reachable(state)].some((one) => isFinal(machine, one as typeof state))).toBe(true);
  });

  test('nothing follows an end', () => {
    for (const state of states.filter((one) => isFinal(machine, one))) expect(nexts(state)).toEqual([]);
  });
});

test('a wrong step is said, with what would be right', () => {
  expect(() => assertTransition('run', 'writing', 'complete')).not.toThrow();
  expect(() => assertTransition('run', 'complete', 'writing')).toThrow(
    'A run cannot go from complete to writing; after complete comes nothing.',
  );
  expect(() => assertTransition('operation', 'done', 'planned')).toThrow('An operation cannot go from done to planned');
  expect(() => assertTransition('conflict', 'decided', 'open')).not.toThrow();
});
