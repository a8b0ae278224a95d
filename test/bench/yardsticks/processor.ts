// Processor time of this process and of the programs that it ran to their end.
import { existsSync, readFileSync } from 'node:fs';

/** Clock ticks of /proc/self/stat; 100 a second on every Linux that Node runs on. */
const msPerTick = 10;

/** In milliseconds, since the process began. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 + endedProgramsMs();
}

function endedProgramsMs(): number {
  if (!existsSync('/proc/self/stat')) return 0;
  const stat = readFileSync('/proc/self/stat', 'utf8');
  // The name in brackets may hold blanks; the fields after it begin with the third.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * msPerTick;
}
