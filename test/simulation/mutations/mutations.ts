// Bugs to plant, each as an exact change of one source file: the simulation must notice every one of them.

export interface Mutation {
  readonly name: string;
  /** From the project's folder. */
  readonly file: string;
  /** Text that occurs once in the file. */
  readonly text: string;
  readonly replacement: string;
  /** Seeds of histories that notice it, tried in order. */
  readonly seeds: readonly number[];
}

export const mutations: readonly Mutation[] = [
  {
    name: 'the shadow moves before the write is acknowledged',
    file: 'main/engine/decided-record.ts',
    text: '      const isImage = showsImage(endpoint, outcome.golden, link.shadow);',
    replacement: '      const isImage = true;',
    seeds: [],
  },
  {
    name: 'the cursor is ahead of the plan',
    file: 'main/engine/observe.ts',
    text: 'new Date(Math.min(this.newest, this.startedAt)).toISOString()',
    replacement: 'new Date(this.newest + 120_000).toISOString()',
    seeds: [],
  },
  {
    name: 'an absence is taken from an incomplete read',
    file: 'main/engine/observe.ts',
    text: 'const proves = this.complete && this.isTrustworthy(first);',
    replacement: 'const proves = this.isTrustworthy(first); this.endpoint.capabilities.confirmsAbsence === (false as boolean);',
    seeds: [],
  },
  {
    name: 'an absence is not confirmed by the key',
    file: 'main/engine/observe.ts',
    text: 'if (keys.length === 0 || !endpoint.capabilities.confirmsAbsence) return new Map();',
    replacement: 'if (keys.length >= 0) return new Map();',
    seeds: [],
  },
  {
    name: 'a create is sent again without a look after a lost answer',
    file: 'main/engine/settle-sent.ts',
    text: '  if (creates) await settleCreates(task, endpoint, creates);',
    replacement: '  if (creates) task.log("info", "not looked at");',
    seeds: [],
  },
  {
    name: 'a listing that broke off is proof that a row was not made',
    file: 'main/engine/settle-sent.ts',
    text: '  if (!isWhole) throw stillInDoubt(model.name, creates);',
    replacement: '  if (!isWhole) task.log("warn", stillInDoubt(model.name, creates).message);',
    seeds: [],
  },
  {
    name: 'the limit of deletes is ignored',
    file: 'main/core/reconcile/guard.ts',
    text: 'const isFree = !isExceeded(planned, count.rows, limit) ||',
    replacement: "const isFree = kind === 'deletes' || !isExceeded(planned, count.rows, limit) ||",
    seeds: [],
  },
  {
    name: 'the ceiling of an approval is ignored',
    file: 'main/core/reconcile/guard.ts',
    text: '(approved !== undefined && excess <= approved)',
    replacement: '(approved !== undefined && excess > 0)',
    seeds: [],
  },
  {
    name: 'what a conflict overwrites goes into no history',
    file: 'main/core/reconcile/reconcile-record.ts',
    text: '  return [...entries, ...beaten.map((side) => lost(side, verdict.by))];',
    replacement: '  return beaten.length > 1000 ? [] : entries;',
    seeds: [],
  },
  {
    name: 'what a write expects to replace is not looked at',
    file: 'main/engine/write-operations.ts',
    text: 'expects: (current) => shows(endpoint.model, endpoint.readers, current, before) };',
    replacement: 'expects: (current) => current.length >= 0 || shows(endpoint.model, endpoint.readers, current, before) };',
    seeds: [],
  },
  {
    name: 'a new row is linked to a record of its own although its match is known',
    file: 'main/engine/match-rows.ts',
    text: 'const records = this.hasRecords ? this.partners(key, matchHash) : [];',
    replacement: 'const records = this.hasRecords && rows.length > 9 ? this.partners(key, matchHash) : [];',
    seeds: [],
  },
  {
    name: 'a row is created beside its like',
    file: 'main/engine/decide-records.ts',
    text: '      if (twin !== undefined) twins.set(intent, twin);\n      return twin === undefined;',
    replacement: '      return twin !== null;',
    seeds: [],
  },
  {
    name: 'undone operations are not looked at again',
    file: 'main/engine/run.ts',
    text: 'for (const record of records) states.setPending(record);',
    replacement: 'if (records.length > 1000) for (const record of records) states.setPending(record);',
    seeds: [],
  },
  {
    name: 'outcomes are committed without their holds',
    file: 'main/engine/decided-record.ts',
    text: 'return { changes, overwritten, skipped, holds, ...',
    replacement: 'return { changes, overwritten, skipped, holds: {}, ...',
    seeds: [],
  },
  {
    name: 'planned creates are sent after a crash without a look for rows made meanwhile',
    file: 'main/engine/settle-sent.ts',
    text: 'const creates = interrupted ? everything : sending.find(',
    replacement: 'const creates = interrupted && sending.length > 99 ? everything : sending.slice(99).find(',
    seeds: [],
  },
  {
    name: 'a decision counts for values that nobody saw',
    file: 'main/core/reconcile/merge.ts',
    text: 'if (hold?.choice !== undefined && isStillAsSeen(hold.choice.seen, currentCandidates(contest))) {',
    replacement: 'if (hold?.choice !== undefined) {',
    seeds: [],
  },
  {
    name: 'a value that somebody changed at the moment of a write is acknowledged as ours',
    file: 'main/engine/acknowledge.ts',
    text: '    const whole = native !== undefined && Object.entries(shown).every(([field, value]) => equalValues(shadow[field], value));',
    replacement: '    const whole = native !== undefined && (equalValues(null, null) || shown === shadow);',
    seeds: [],
  },
];
