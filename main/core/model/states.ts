// The state machines of runs, operations and conflicts, as tables: which states there are and what may follow what.

const machines = {
  run: {
    /** `reading` again after a restart: nothing was planned yet. */
    reading: ['planned', 'complete', 'withheld', 'failed', 'cancelled'],
    planned: ['reading', 'writing', 'complete', 'withheld', 'failed', 'cancelled'],
    writing: ['complete', 'partial', 'withheld', 'failed', 'cancelled'],
    complete: [],
    partial: [],
    withheld: [],
    failed: [],
    cancelled: [],
  },
  operation: {
    /** Also while it is on its way: until an answer is stored nobody knows whether it took effect. */
    planned: ['done', 'moved', 'failed', 'withheld', 'skipped'],
    done: [],
    moved: [],
    failed: [],
    withheld: [],
    skipped: [],
  },
  conflict: {
    /** `closed` without a decision when the sides agree again or the record is gone. */
    open: ['decided', 'closed'],
    /** `open` again when a side changed after the decision. */
    decided: ['open', 'closed'],
    closed: [],
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

export type Machine = keyof typeof machines;
export type StateOf<M extends Machine> = keyof (typeof machines)[M] & string;

function followers(machine: Machine, from: string): readonly string[] {
  const table: Readonly<Record<string, readonly string[]>> = machines[machine];
  return Object.hasOwn(table, from) ? (table[from] ?? []) : [];
}

/** All states of a machine, in the order of a life. */
export function statesOf(machine: Machine): readonly string[] {
  return Object.keys(machines[machine]);
}

export function mayFollow<M extends Machine>(machine: M, from: StateOf<M>, to: StateOf<M>): boolean {
  return followers(machine, from).includes(to);
}

/** Nothing follows it. */
export function isFinal<M extends Machine>(machine: M, state: StateOf<M>): boolean {
  return followers(machine, state).length === 0;
}

/** Throws where `to` may not follow `from`: a mistake of the program, never of a person or a system. */
export function assertTransition<M extends Machine>(machine: M, from: StateOf<M>, to: StateOf<M>): void {
  if (mayFollow(machine, from, to)) return;
  const allowed = followers(machine, from);
  const next = allowed.length === 0 ? 'nothing' : allowed.join(', ');
  throw new Error(`${machine === 'operation' ? 'An' : 'A'} ${machine} cannot go from ${from} to ${to}; after ${from} comes ${next}.`);
}
