// The overview: what needs a person in the order of harm, when runs were, what was written and what is contested.
import type { Need } from '../../preload/contract/workspace.ts';
import type { Problem } from '../../preload/contract/errors.ts';
import { conflictQueueTable } from '../store/tables/queries/conflict-queue.ts';
import { driftWords } from '../engine/drift.ts';
import { connectionStateTable } from '../store/tables/connection-state.ts';
import { driftTable } from '../store/tables/drift.ts';
import { letterQueueTable } from '../store/tables/queries/letter-queue.ts';
import { runListTable } from '../store/tables/queries/run-list.ts';
import { runStateTable } from '../store/tables/run-state.ts';
import { verificationTable } from '../store/tables/verifications.ts';
import { statisticsTable } from '../store/tables/queries/statistics.ts';
import type { StoredRun } from '../store/tables/queries/run-list.ts';
import type { ApiContext, Handlers } from './context.ts';
import { countsOf, totalsOf } from './run-view.ts';
import { counted, healthWords } from './words.ts';

const slots = 48;
const contestedMs = 30 * 86_400_000;
const contestedFields = 12;

const harm: readonly Need['kind'][] = [
  'failed',
  'connection',
  'withheld',
  'conflicts',
  'deadLetters',
  'drift',
  'differences',
  'skipped',
  'partial',
];

export function overviewHandlers({ workspace }: ApiContext): Pick<Handlers, 'overview.get'> {
  const runs = runListTable(workspace.db);
  const queue = conflictQueueTable(workspace.db);
  const statistics = statisticsTable(workspace.db);
  const letters = letterQueueTable(workspace.db);
  const states = connectionStateTable(workspace.db);
  const verifications = verificationTable(workspace.db);

  const needs = (): Need[] => {
    const syncs = Object.entries(workspace.configuration().body.syncs);
    const skipped = statistics.skipped();
    const all = syncs.flatMap(([sync, { title }]) => {
      const last = runs.last(sync);
      const skips = skipped.find((row) => row.sync === sync);
      return [
        ...(last === undefined ? [] : runNeeds(last, title)),
        ...conflictNeeds(sync, title),
        ...(skips === undefined ? [] : [skipNeed(sync, title, skips)]),
        ...letterNeeds(sync, title),
        ...driftNeeds(sync, title),
        ...differenceNeeds(sync, title),
        ...interruptedNeeds(sync, title),
      ];
    });
    return [...connectionNeeds(), ...all].sort(
      (a, b) => harm.indexOf(a.kind) - harm.indexOf(b.kind) || b.count - a.count || a.since - b.since,
    );
  };
  const conflictNeeds = (sync: string, title: string): Need[] => {
    const open = queue.ofSync(sync).filter((row) => row.state === 'open');
    const count = open.reduce((sum, row) => sum + row.count, 0);
    if (count === 0) return [];
    const groups = queue.groups({ sync }).sort((a, b) => b.count - a.count);
    const detail = groups.slice(0, 2).map(({ group, count: own }) => `${group}: ${own.toLocaleString('en')}`);
    const more = groups.length > 2 ? [`${counted(groups.length - 2, 'other kind')}`] : [];
    const since = Math.min(...open.map((row) => row.since));
    return [
      {
        kind: 'conflicts',
        count,
        title: `${counted(count, 'conflict')} in ${title}`,
        detail: [...detail, ...more].join('; '),
        since,
        sync,
      },
    ];
  };
  const skipNeed = (sync: string, title: string, skipped: { count: number; since: number; run: number }): Need => {
    const why = statistics.whySkipped(sync, 2).map((row) => `${row.endpoint}: ${row.why}${row.count > 1 ? ` (${row.count})` : ''}`);
    return {
      kind: 'skipped',
      count: skipped.count,
      title: `${counted(skipped.count, 'value')} left alone in ${title}`,
      detail: why.join('; '),
      since: runs.find(skipped.since)?.started ?? workspace.now(),
      sync,
      run: skipped.run,
    };
  };

  const letterNeeds = (sync: string, title: string): Need[] => {
    const waiting = letters.counts().filter((row) => row.sync === sync && row.state !== 'discarded');
    const count = waiting.reduce((sum, row) => sum + row.count, 0);
    if (count === 0) return [];
    const groups = letters.groups({ sync, isDiscarded: false }).sort((a, b) => b.count - a.count);
    return [
      {
        kind: 'deadLetters',
        count,
        title: `${counted(count, 'dead letter')} in ${title}`,
        detail: groups
          .slice(0, 2)
          .map((one) => `${one.group} (${one.count.toLocaleString('en')})`)
          .join('; '),
        since: Math.min(...waiting.map((row) => row.since)),
        sync,
      },
    ];
  };
  const driftNeeds = (sync: string, title: string): Need[] => {
    const asked = driftTable(workspace.db)
      .all()
      .filter((row) => row.sync === sync && row.choice === null);
    if (asked.length === 0) return [];
    return [
      {
        kind: 'drift',
        count: asked.length,
        title: `${counted(asked.length, 'column')} gone in ${title}`,
        detail: asked.map(({ endpoint, field, column, near }) => driftWords({ endpoint, field, column, near })).join('; '),
        since: Math.min(...asked.map((row) => row.since)),
        sync,
      },
    ];
  };
  /** Something stopped a run in the middle, and it waits for the next one. */
  const interruptedNeeds = (sync: string, title: string): Need[] =>
    runStateTable(workspace.db)
      .unfinished()
      .filter((run) => run.sync === sync && run.problem !== null)
      .map(({ id, started, problem }) => {
        const { message, remedy } = JSON.parse(problem ?? '{}') as Problem;
        return {
          kind: 'failed',
          count: 1,
          title: `${title} was interrupted`,
          detail: `${message} ${remedy}`,
          since: started,
          sync,
          run: id,
        };
      });
  /** What the last comparison found, until a later run may have mended it. */
  const differenceNeeds = (sync: string, title: string): Need[] => {
    const [last] = verifications.newest(sync, 1);
    const isOld = last === undefined || last.differing === 0 || (runs.last(sync)?.finished ?? 0) > last.at;
    if (isOld) return [];
    return [
      {
        kind: 'differences',
        count: last.differing,
        title: `${counted(last.differing, 'difference')} between the places of ${title}`,
        detail: 'Found by the last comparison. A run carries over what people changed; what stays after it is drift.',
        since: last.at,
        sync,
      },
    ];
  };
  /** A system that is down or wants another login: nothing is quarantined, everything of it waits. */
  const connectionNeeds = (): Need[] =>
    Object.keys(workspace.configuration().body.connections).flatMap((id) => {
      const health = states.load(id);
      if (health === undefined || health.state === 'ok') return [];
      const { state, since, message = '', remedy = '' } = health;
      return [
        { kind: 'connection', count: 1, title: `${id} ${healthWords[state]}`, detail: `${message} ${remedy}`.trim(), since, sync: '' },
      ];
    });

  return {
    'overview.get'({ sinceMs }) {
      const now = workspace.now();
      const from = now - Math.max(1, sinceMs);
      const recent = runs.since(from);
      const { syncs } = workspace.configuration().body;
      return {
        needs: needs(),
        lanes: Object.entries(syncs).map(([sync, { title }]) => ({
          sync,
          title,
          runs: recent
            .filter((run) => run.sync === sync)
            .map(({ id, status, started, finished }) => ({ id, sync, status, started, ...(finished === null ? {} : { finished }) })),
        })),
        written: writtenBySlot(recent, from, now),
        contested: statistics.contested(now - contestedMs, contestedFields),
        sources: shares(statistics.sources(now - contestedMs)),
      };
    },
  };
}

/** What the last run of a sync left behind. */
function runNeeds(last: StoredRun, title: string): Need[] {
  const totals = totalsOf(countsOf(last));
  const problem = last.problem === null ? undefined : (JSON.parse(last.problem) as Problem);
  const common = { since: last.finished ?? last.started, sync: last.sync, run: last.id };
  if (last.status === 'failed') {
    return [{ kind: 'failed', count: 1, title: `${title} failed`, detail: problem?.message ?? 'The run wrote nothing.', ...common }];
  }
  const needs: Need[] = [];
  if (totals.withheld > 0) {
    needs.push({
      kind: 'withheld',
      count: totals.withheld,
      title: `${counted(totals.withheld, 'write')} withheld in ${title}`,
      detail: 'A limit, an incomplete read or a person held them back; nothing of them was written.',
      ...common,
    });
  }
  const left = totals.failed + totals.moved;
  if (last.status === 'partial' && (left > 0 || problem !== undefined)) {
    needs.push({
      kind: 'partial',
      count: Math.max(1, left),
      title: `${title} was only partly written`,
      detail:
        problem?.message ??
        `${counted(totals.failed, 'write')} failed, ${totals.moved.toLocaleString('en')} moved meanwhile; the next run looks again.`,
      ...common,
    });
  }
  return needs;
}

type Slot = Awaited<ReturnType<Handlers['overview.get']>>['written'][number];

function writtenBySlot(recent: readonly Pick<StoredRun, 'started' | 'finished' | 'counts'>[], from: number, to: number): Slot[] {
  const slotMs = (to - from) / slots;
  const all: Slot[] = Array.from({ length: slots }, (_, index) => ({
    at: Math.round(from + index * slotMs),
    created: 0,
    updated: 0,
    deleted: 0,
  }));
  for (const run of recent) {
    const slot = all[Math.min(slots - 1, Math.max(0, Math.floor(((run.finished ?? to) - from) / slotMs)))];
    if (slot === undefined) continue;
    const { created, updated, deleted } = totalsOf(countsOf(run));
    slot.created += created;
    slot.updated += updated;
    slot.deleted += deleted;
  }
  return all;
}

/** A record whose values several endpoints agreed on counts for each. */
function shares(sources: readonly { readonly endpoint: string; readonly records: number }[]): { endpoint: string; share: number }[] {
  const total = sources.reduce((sum, source) => sum + source.records, 0);
  return sources.map(({ endpoint, records }) => ({ endpoint, share: records / total }));
}
