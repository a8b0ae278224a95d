// Lives the history of a seed, with every fault there is.
import { allFaults } from '../../main/simulator/faults.ts';
import { liveHistory } from '../../main/simulator/live.ts';
import type { Lived } from '../../main/simulator/live.ts';
import { writeScript } from '../../main/simulator/script.ts';
import { shrink } from '../../main/simulator/shrink.ts';
import { peopleSync } from './people-sync.ts';

/** `hasLogs`: some places keep a log of changes. */
export function liveSeed(seed: number, hasLogs = true): Promise<Lived> {
  return liveHistory(peopleSync(seed, hasLogs), writeScript(seed, allFaults));
}

/** The shortest history found that breaks the same law. */
export function shortest(failed: Lived, hasLogs = true): Promise<Lived> {
  return shrink(peopleSync(failed.seed, hasLogs), writeScript(failed.seed, allFaults), failed, { tries: 300 });
}
