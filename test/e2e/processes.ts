// Finds the engine's process among those that the application started (Linux).
import { readdirSync, readFileSync } from 'node:fs';
import type { ElectronApplication } from 'playwright';

/** How the engine looks in the process list, started in either way. */
const enginePattern = /engine-process|small-engine|node\.mojom\.NodeService/;

/** The engine's process number, once there is one other than `not`. */
export async function enginePid(app: ElectronApplication, not?: number): Promise<number> {
  const root = app.process().pid;
  if (root === undefined) throw new Error('The application is not running.');
  const deadline = performance.now() + 20_000;
  while (performance.now() < deadline) {
    const found = descendants(root).find((pid) => pid !== not && enginePattern.test(read(`/proc/${pid}/cmdline`)));
    if (found !== undefined) return found;
    await new Promise((next) => setImmediate(next));
  }
  throw new Error('The engine is not among the processes of the application.');
}

function descendants(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // The second field is the program's name in brackets, which may hold spaces; the parent is the second one after it.
    const parent = read(`/proc/${name}/stat`)
      .replace(/^.*\) /, '')
      .split(' ')[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const isBelow = (pid: number | undefined): boolean => pid !== undefined && pid !== 0 && (pid === root || isBelow(parents.get(pid)));
  return [...parents.keys()].filter((pid) => pid !== root && isBelow(pid));
}

/** A process may end while it is looked at. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return '';
    throw error;
  }
}
