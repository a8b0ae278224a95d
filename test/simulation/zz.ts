import { existsSync } from 'node:fs';
import { allFaults } from '../../main/simulator/faults.ts';
import type { Fault } from '../../main/simulator/faults.ts';
import { liveHistory } from '../../main/simulator/live.ts';
import { writeScript } from '../../main/simulator/script.ts';
import { peopleSync } from './people-sync.ts';
const parent = existsSync('/dev/shm') ? '/dev/shm' : undefined;
const [from, to, faultList] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]];
const faults = faultList === undefined ? allFaults : faultList === 'none' ? [] : (faultList.split(',') as Fault[]);
const laws = new Map<string, number>();
const t = Date.now();
let runs = 0;
const struck = new Map<string, number>();
for (let seed = from; seed <= to; seed += 1) {
  if (process.env.SEE) console.log('seed', seed);
  const lived = await liveHistory(peopleSync(seed), writeScript(seed, faults), parent);
  runs += lived.runs;
  for (const [k, v] of lived.struck) struck.set(k, (struck.get(k) ?? 0) + v);
  if (lived.broken) {
    laws.set(lived.broken.law, (laws.get(lived.broken.law) ?? 0) + 1);
    console.log(seed, lived.broken.message.slice(0, process.env.LONG ? 3000 : 260).replaceAll('\n', ' | '));
    if (process.env.LONG) for (const { step, happened } of lived.said) console.log('   ', step, '->', happened);
  }
}
console.log(laws, (Date.now() - t) / (to - from + 1), 'ms/history', runs, 'runs', Object.fromEntries(struck));
