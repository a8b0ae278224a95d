// The simulator for windows: which faults there are, start and cancel.
import { allFaults, faultCatalogue } from '../simulator/faults.ts';
import type { ApiContext, Handlers } from './context.ts';
import { simulationBoard } from './simulation-board.ts';
import { syncOf } from './sync-view.ts';

export function simulatorHandlers({ workspace }: ApiContext): Pick<Handlers, 'simulator.faults' | 'simulator.start' | 'simulator.cancel'> {
  const board = simulationBoard(workspace);
  return {
    'simulator.faults': () => allFaults.map((fault) => ({ fault, about: faultCatalogue[fault] })),
    'simulator.start'(setting) {
      syncOf(workspace, setting.sync);
      board.start(setting);
      return {};
    },
    'simulator.cancel'() {
      board.cancel();
      return {};
    },
  };
}
