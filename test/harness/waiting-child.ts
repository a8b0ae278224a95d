// A process with the engine loaded that runs one sync when it is told to, so that whoever kills it knows how far a run can be.
import { openWorkspace } from '../../main/engine/workspace.ts';
import { shortPatience, testKey } from './workspace.ts';

const [folder = '', sync = ''] = process.argv.slice(2);
process.once('message', () => {
  void (async () => {
    const workspace = openWorkspace({ folder, create: false, key: testKey, patience: shortPatience });
    await workspace.resumeAll();
    await workspace.startRun(sync, {}).finished;
    await workspace[Symbol.asyncDispose]();
    process.send?.('done');
    process.disconnect();
  })();
});
process.send?.('ready');
