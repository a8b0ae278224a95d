// Bugs to plant, each as an exact change of one source file: the simulation must notice every one of them.

export interface Mutation {
  readonly name: string;
  /** By file, from the project's folder: texts that occur once in it, and what stands in their places. */
  readonly files: Readonly<Record<string, readonly (readonly [text: string, replacement: string])[]>>;
  /** Histories that notice it, tried in order: seeds, or names of remembered ones. */
  readonly histories: readonly (number | string)[];
  /** Some places of these histories keep a log of changes. */
  readonly hasLogs?: true;
}

export const mutations: readonly Mutation[] = [
  {
    name: 'the shadow moves before the write is acknowledged',
    files: {
      'main/engine/decided-record.ts': [
        ['      const isImage = showsImage(endpoint, outcome.golden, link.shadow);', '      const isImage = true;'],
      ],
    },
    histories: [12],
  },
  {
    name: 'the cursor is ahead of the plan',
    files: {
      'main/engine/observe.ts': [['new Date(until).toISOString()', 'new Date((this.newest ?? 0) + 120_000).toISOString()']],
    },
    histories: [12],
  },
  {
    name: 'an absence is taken from an incomplete read',
    files: {
      'main/engine/observe.ts': [
        ['const proves = this.complete && this.isTrustworthy(first);', 'const proves = this.isTrustworthy(first);'],
      ],
      'main/engine/missing-rows.ts': [
        ['if (keys.length === 0 || !endpoint.capabilities.confirmsAbsence) return new Map();', 'if (keys.length >= 0) return new Map();'],
      ],
    },
    histories: [12],
  },
  {
    name: 'an absence is not confirmed by the key',
    files: {
      'main/engine/missing-rows.ts': [
        [
          'return endpoint.connection.readKeys(endpoint.ref, keys, endpoint.columns, task.signal);',
          'return new Map([...(await endpoint.connection.readKeys(endpoint.ref, keys, endpoint.columns, task.signal))].slice(99));',
        ],
      ],
    },
    histories: [3092],
  },
  {
    name: 'a create is sent again without a look after a lost answer',
    files: {
      'main/engine/settle-sent.ts': [
        ["  if (interrupted || sending.some((range) => range.kind === 'create')) await", '  if (interrupted) await'],
      ],
    },
    histories: [1],
  },
  {
    name: 'a listing that broke off is proof that a row was not made',
    files: {
      'main/engine/settle-sent.ts': [
        [
          '  if (!isWhole) throw stillInDoubt(model.name, creates);',
          '  if (!isWhole) task.log("warn", stillInDoubt(model.name, creates).message);',
        ],
      ],
    },
    histories: [13],
  },
  {
    name: 'the limit of deletes is ignored',
    files: {
      'main/core/reconcile/guard.ts': [
        [
          'const isFree = !isBeyond(limit, planned, count.rows) ||',
          "const isFree = kind === 'deletes' || !isBeyond(limit, planned, count.rows) ||",
        ],
      ],
    },
    histories: [8],
  },
  {
    name: 'the ceiling of an approval is ignored',
    files: {
      'main/core/reconcile/guard.ts': [['(approved !== undefined && excess <= approved)', '(approved !== undefined && excess > 0)']],
    },
    histories: [213],
  },
  {
    name: 'what a conflict overwrites goes into no history',
    files: {
      'main/core/reconcile/reconcile-record.ts': [
        ['  return [...entries, ...beaten.map((side) => lost(side, verdict.by))];', '  return beaten.length > 1000 ? [] : entries;'],
      ],
    },
    histories: [1],
  },
  {
    name: 'what a write expects to replace is not looked at',
    files: {
      'main/engine/operation.ts': [
        [
          'expects: (current) => shows(endpoint.model, endpoint.readers, current, before),',
          'expects: (current) => current.length >= 0 || shows(endpoint.model, endpoint.readers, current, before),',
        ],
      ],
    },
    histories: [15],
  },
  {
    name: 'a second row of an endpoint is linked to a record',
    files: {
      'main/core/reconcile/match.ts': [
        [
          'const taken = rows.find((row) => record.linkedAt.includes(row.endpoint));',
          'const taken = rows.find((row) => record.linkedAt.includes(row.key));',
        ],
      ],
    },
    histories: [12],
  },
  {
    name: 'a row is created beside its like',
    files: {
      'main/engine/decide-records.ts': [
        ['      if (twin !== undefined) twins.set(intent, twin);\n      return twin === undefined;', '      return twin !== null;'],
      ],
    },
    histories: [700],
  },
  {
    name: 'undone operations are not looked at again',
    files: {
      'main/engine/run.ts': [
        [
          'for (const record of records) states.setPending(record);',
          'if (records.length > 1000) for (const record of records) states.setPending(record);',
        ],
      ],
    },
    histories: [63],
  },
  {
    name: 'outcomes are committed without their holds',
    files: {
      'main/engine/decided-record.ts': [
        ['return { changes, overwritten, skipped, holds, ...', 'return { changes, overwritten, skipped, holds: {}, ...'],
      ],
    },
    histories: [1],
  },
  {
    name: 'planned creates are sent after a crash without a look for rows made meanwhile',
    files: { 'main/engine/settle-sent.ts': [['if (interrupted || sending.some((range)', 'if (sending.some((range)']] },
    histories: [266],
  },
  {
    name: 'a decision counts for values that nobody saw',
    files: {
      'main/core/reconcile/merge.ts': [
        [
          'if (hold?.choice !== undefined && isStillAsSeen(hold.choice.seen, currentCandidates(contest))) {',
          'if (hold?.choice !== undefined) {',
        ],
      ],
    },
    histories: [15],
  },
  {
    name: 'a value that somebody changed at the moment of a write is acknowledged as ours',
    files: {
      'main/engine/acknowledge.ts': [
        [
          '    const whole = native !== undefined && Object.entries(shown).every(([field, value]) => equalValues(shadow[field], value));',
          '    const whole = native !== undefined && (equalValues(null, null) || shown === shadow);',
        ],
      ],
    },
    histories: [1],
  },
  {
    name: 'the cursor moves although the listing broke off',
    files: {
      'main/engine/observe.ts': [['const cursor = Number.isNaN(until) || !whole ?', 'const cursor = Number.isNaN(until) ?']],
    },
    histories: ['cursor-of-broken-read'],
  },
  {
    name: 'rows are deleted whose values nobody could read',
    files: { 'main/engine/decide-records.ts': [['(unread.has(endpoint) || paused.has(endpoint))', '(endpoint.length > 99)']] },
    histories: ['row-with-unread-column'],
  },
  {
    name: 'rows are not looked at when a column is there again',
    files: {
      'main/engine/observe.ts': [['this.hasReturned = hasReturned(task.db, task.sync.id, endpoint);', 'this.hasReturned = false;']],
    },
    histories: ['column-is-back'],
  },
  {
    name: 'two records that became alike both get a row',
    files: { 'main/engine/twins.ts': [['    if (other !== undefined && other !== record) return', '    if (other === -1) return']] },
    histories: ['both-want-rows'],
  },
  {
    name: 'an undo takes back first values without a trace',
    files: { 'main/core/reconcile/undo.ts': [['if (now !== undefined && !isBlank(now))', 'if (now !== undefined && isBlank(now))']] },
    histories: ['undo-of-first-values'],
  },
  {
    name: 'an undo deletes rows that hold more than it wrote',
    files: {
      'main/core/reconcile/undo.ts': [
        [
          ': !isBlank(now) && !this.isAgreed(field, now, lenses[field]),',
          ': isBlank(now) && !this.isAgreed(field, now, lenses[field]) && false,',
        ],
      ],
    },
    histories: ['undo-of-contested-row'],
  },
  {
    name: 'what an undo could not delete counts as gone',
    files: { 'main/engine/run.ts': [['  linkTable(db).reviveUndeleted(plan);', '']] },
    histories: ['undo-that-moved'],
  },
  {
    name: 'a dead letter is forgotten',
    files: {
      'main/engine/dead-letters.ts': [
        ['return letter !== undefined && !isDue(letter, payloadOf(kind, after));', 'return letter !== undefined;'],
      ],
    },
    histories: [6],
  },
  {
    name: 'a log that was let go is taken for one in which nothing happened',
    files: {
      'main/engine/change-log.ts': [['    if (page.lost !== undefined) return { lost: page.lost };\n', '']],
    },
    histories: [280],
    hasLogs: true,
  },
  {
    name: 'the last key of each page of a log is overlooked',
    files: {
      'main/engine/change-log.ts': [['for (const key of page.keys) keys.set', 'for (const key of page.keys.slice(0, -1)) keys.set']],
    },
    histories: [12],
    hasLogs: true,
  },
  {
    name: 'a log is read on although it does not reach back',
    files: {
      'main/engine/observe.ts': [
        ['if (this.log?.reachesBack === true && !isWhole', 'if (this.log !== undefined && this.endpoint.row.logToken !== null && !isWhole'],
      ],
      'main/engine/change-log.ts': [['    if (page.lost !== undefined) return { lost: page.lost };\n', '']],
    },
    histories: [25],
    hasLogs: true,
  },
  {
    name: 'a log is confirmed before the plan is kept',
    files: {
      'main/engine/change-log.ts': [
        [
          '  return connection.log.start(ref, consumer, { ...since, mayBegin: task.isRun, signal: task.signal });',
          `  const found = await connection.log.start(ref, consumer, { ...since, mayBegin: task.isRun, signal: task.signal });
  if (found !== undefined) {
    await connection.log.confirm(consumer, found.until, task.signal);
    setLogToken(task.db, row.id, found.until);
  }
  return found;`,
        ],
      ],
    },
    histories: [37],
    hasLogs: true,
  },
];
