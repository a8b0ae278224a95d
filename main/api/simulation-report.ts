// A report of the simulator in the form in which it crosses to a window and is printed by `kanto simulate`.
import type { SimulationReport } from '../../preload/contract/simulator.ts';
import type { SimulationReport as Found } from '../simulator/report.ts';

export function wireReport({ broken, calls, faults, failure, notes, ...facts }: Found): SimulationReport {
  return {
    ...facts,
    broken: { ...broken },
    calls: { ...calls },
    faults: faults.map((line) => ({ ...line })),
    ...(failure === undefined ? {} : { failure: { ...failure, steps: failure.steps.map((step) => ({ ...step })) } }),
    notes: [...notes],
  };
}
