// Runs one sync and kills its own process, without a farewell, at the n-th moment at which a kill must do no harm; or undoes a run so.
import { openWorkspace } from '../../main/engine/workspace.ts';
import { testKey } from './workspace.ts';

const [folder = '', sync = '', nth = '0', undo = '0'] = process.argv.slice(2);
let moments = 0;
const workspace = openWorkspace({
  folder,
  create: false,
  key: testKey,
  step: () => {
    moments += 1;
    if (moments === Number(nth)) process.kill(process.pid, 'SIGKILL');
  },
});
await workspace.resumeAll();
await workspace.startRun(sync, undo === '0' ? {} : { undo: Number(undo) }).finished;
await workspace[Symbol.asyncDispose]();
