// Lives the history of a seed, with every fault there is.
import { allFaults } from '../../main/simulator/faults.ts';
import { liveHistory } from '../../main/simulator/live.ts';
import type { Lived } from '../../main/simulator/live.ts';
import { writeScript } from '../../main/simulator/script.ts';
import { peopleSync } from './people-sync.ts';

export function liveSeed(seed: number): Promise<Lived> {
  return liveHistory(peopleSync(seed), writeScript(seed, allFaults));
}
