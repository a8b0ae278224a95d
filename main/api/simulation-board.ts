// The one simulation of an open workspace: started, watched, stopped. It goes on while nobody looks.
import type { Simulation, SimulationSetting } from '../../preload/contract/simulator.ts';
import { KantoError } from '../core/model/error.ts';
import { toProblem } from '../engine/errors.ts';
import type { Workspace } from '../engine/workspace.ts';
import { realSubject } from '../simulator/real-subject.ts';
import { faultsNamed, simulate } from '../simulator/simulate.ts';
import { wireReport } from './simulation-report.ts';
import type { Source } from './topics.ts';

export interface SimulationBoard extends Source<Simulation> {
  /** Throws where one is under way or the setting makes no sense. */
  start(setting: SimulationSetting): void;
  /** Throws where none is under way. */
  cancel(): void;
  /** Cancels what is under way and waits for it. */
  stop(): Promise<void>;
}

const boards = new WeakMap<Workspace, SimulationBoard>();

/** The board of a workspace; the same one for its calls and its streams. */
export function simulationBoard(workspace: Workspace): SimulationBoard {
  const known = boards.get(workspace) ?? createBoard(workspace);
  boards.set(workspace, known);
  return known;
}

function createBoard(workspace: Workspace): SimulationBoard {
  const listeners = new Set<() => void>();
  let state: Simulation = { status: 'none', lived: 0 };
  let under: { readonly abort: AbortController; readonly ended: Promise<void> } | undefined;

  const show = (next: Simulation) => {
    state = next;
    for (const listener of listeners) listener();
  };
  const live = async (setting: SimulationSetting, faults: ReturnType<typeof faultsNamed>, signal: AbortSignal): Promise<void> => {
    try {
      const { subject, notes } = await realSubject(workspace, setting.sync, { ...setting, signal });
      const onProgress = (lived: number) => show({ ...state, lived });
      const report = await simulate(subject, { ...setting, faults, notes, signal, onProgress });
      show({ status: 'ended', setting, lived: report.histories, report: wireReport(report) });
    } catch (error) {
      // Cancelled before the first history began: there is nothing to tell.
      if (signal.aborted) show({ status: 'none', setting, lived: 0 });
      else show({ status: 'failed', setting, lived: state.lived, problem: toProblem(error) });
    } finally {
      under = undefined;
    }
  };

  return {
    now: () => state,
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start(setting) {
      if (under !== undefined)
        throw new KantoError('not-now', 'A simulation is under way.', 'Wait for it to end or cancel it.', 'ask-user');
      const faults = faultsNamed(setting.faults);
      const abort = new AbortController();
      show({ status: 'running', setting, lived: 0 });
      under = { abort, ended: live(setting, faults, abort.signal) };
    },
    cancel() {
      if (under === undefined) throw new KantoError('not-now', 'No simulation is under way.', 'Start one.', 'ask-user');
      under.abort.abort();
    },
    async stop() {
      under?.abort.abort();
      await under?.ended;
    },
  };
}
