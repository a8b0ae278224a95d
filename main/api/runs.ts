// Runs: started, cancelled, listed and looked into.
import { KantoError } from '../core/model/error.ts';
import { countRun } from '../engine/run-result.ts';
import type { Phase } from '../engine/phases.ts';
import { deadLetterTable } from '../store/tables/dead-letters.ts';
import { planTable } from '../store/tables/plans.ts';
import type { PlanSummary } from '../store/tables/plans.ts';
import { conflictQueueTable } from '../store/tables/queries/conflict-queue.ts';
import { runListTable } from '../store/tables/queries/run-list.ts';
import { undoableRun } from '../engine/undo-plan.ts';
import { runStateTable } from '../store/tables/run-state.ts';
import type { RunOptions } from '../store/tables/run-state.ts';
import type { StoredRun } from '../store/tables/queries/run-list.ts';
import type { ApiContext, Handlers } from './context.ts';
import { defined } from './defined.ts';
import type { ItemLists, ListedPlan } from './item-lists.ts';
import { itemPage } from './item-view.ts';
import { byEndpoint, countsOf, runSummary } from './run-view.ts';
import type { RunDetail } from './run-view.ts';

type RunHandlers = Pick<Handlers, 'runs.start' | 'runs.cancel' | 'runs.list' | 'runs.get' | 'runs.items' | 'runs.log'>;

/** `cancelPlans` stops plans in the making, which have no run: run 0 stands for them. */
export function runHandlers({ workspace, report }: ApiContext, lists: ItemLists, cancelPlans: () => boolean): RunHandlers {
  const runs = runListTable(workspace.db);
  const plans = planTable(workspace.db);
  const queue = conflictQueueTable(workspace.db);
  const letters = deadLetterTable(workspace.db);

  const known = (id: number): StoredRun => {
    const row = runs.find(id);
    if (row) return row;
    throw new KantoError('unknown-run', `There is no run ${id}.`, 'Look at the list of runs.', 'ask-user');
  };
  /** The plan that the run carries out or carried out; its lines stand firm from the first write on. */
  const listed = (run: StoredRun): ListedPlan | undefined => {
    const plan = run.plan === null || (run.finished === null && run.planHash === null) ? undefined : plans.find(run.plan);
    if (plan === undefined) return undefined;
    const isRevised = run.planHash === null || (JSON.parse(run.options) as RunOptions).plan !== undefined;
    return { plan, isRevised, isWriting: run.finished === null };
  };
  /** Of the operations so far where the run is still under way. */
  const counts = async (run: StoredRun) => {
    if (run.finished !== null || run.plan === null) return countsOf(run);
    const own = listed(run);
    return countRun(workspace.db, run.plan, own === undefined ? [] : await lists.states(own));
  };

  const planSummary = (run: StoredRun): PlanSummary | undefined => {
    const plan = run.plan === null ? undefined : plans.find(run.plan);
    return plan === undefined ? undefined : (JSON.parse(plan.summary) as PlanSummary);
  };
  const undoOf = (run: StoredRun) => ({
    ...defined({ undoes: (JSON.parse(run.options) as RunOptions).undo, undoneBy: runStateTable(workspace.db).undoneBy(run.id) }),
    ...defined({ undoRefusal: undoRefusal(run.id) }),
  });
  const undoRefusal = (run: number): string | undefined => {
    try {
      undoableRun(workspace.db, run);
      return undefined;
    } catch (error) {
      if (error instanceof KantoError) return error.message;
      throw error;
    }
  };

  return {
    'runs.start'({ sync, plan, except, full, approve }) {
      if (plan === undefined && except !== undefined) {
        throw new KantoError('invalid-input', 'Lines can only be left out of a plan.', 'Name the plan.', 'ask-user');
      }
      if (plan !== undefined) checkPlan(plan, sync);
      const started = workspace.startRun(sync, {
        ...defined({ plan, except, full }),
        ...(approve === undefined ? {} : { approve: defined(approve) }),
      });
      started.finished.catch(report);
      return { run: started.run };
    },
    'runs.cancel'({ run }) {
      if (run !== 0) {
        known(run);
        workspace.cancelRun(run);
      } else if (!cancelPlans()) {
        throw new KantoError('not-now', 'No plan is being made.', 'Look at the list of runs.', 'ask-user');
      }
      return {};
    },
    async 'runs.list'({ offset, limit, text, ...asked }) {
      const { body } = workspace.configuration();
      const word = text === undefined || text === '' ? undefined : text;
      const titled = Object.entries(body.syncs).flatMap(([id, sync]) =>
        word !== undefined && sync.title.toLowerCase().includes(word.toLowerCase()) ? [id] : [],
      );
      const filter = { ...asked, text: word, titled };
      return {
        total: runs.total(filter),
        runs: await Promise.all(runs.page(filter, offset, limit).map(async (run) => runSummary(run, body, await counts(run)))),
      };
    },
    async 'runs.get'({ run: id }) {
      const run = known(id);
      const own = await counts(run);
      const waiting = queue.ofSync(run.sync);
      return {
        ...runSummary(run, workspace.configuration().body, own),
        phases: JSON.parse(run.phases) as Phase[],
        ...(run.planHash === null ? {} : { planHash: run.planHash }),
        byEndpoint: byEndpoint(own),
        verified: run.verified === null ? [] : (JSON.parse(run.verified) as RunDetail['verified']),
        logLines: runs.logCount(id),
        conflictsOpen: waiting.reduce((sum, row) => sum + row.count, 0),
        deadLetters: letters.open(run.sync),
        paused: [...(planSummary(run)?.paused ?? [])],
        ...undoOf(run),
        ...defined({ earlier: runs.earlier(run.sync, id), later: runs.later(run.sync, id) }),
      };
    },
    'runs.items'({ run: id, ...asked }) {
      const own = listed(known(id));
      return own === undefined ? { total: 0, items: [] } : itemPage(lists, own, asked);
    },
    'runs.log'({ run, offset, limit }) {
      known(run);
      return { total: runs.logCount(run), lines: runs.log(run, offset, limit) };
    },
  };

  function checkPlan(plan: number, sync: string): void {
    const row = plans.find(plan);
    if (!row || row.hash === '') throw new KantoError('unknown-plan', `There is no plan ${plan} any more.`, 'Make a new plan.', 'ask-user');
    if (row.sync === sync) return;
    throw new KantoError(
      'plan-mismatch',
      `Plan ${plan} is of the sync ${row.sync}, not of ${sync}.`,
      'Make a plan of this sync.',
      'ask-user',
    );
  }
}
