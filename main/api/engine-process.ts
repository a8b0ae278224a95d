// Entry of the engine process: a child of Electron (utilityProcess) or of Node (fork), whichever started it.
import type { FromEngine, ToEngine } from '../../preload/contract/engine-protocol.ts';
import { createEngineServer } from './engine-server.ts';
import { sampleFolder } from './sample-folder.ts';
import { keepHeapSmall } from './small-heap.ts';

/** What Electron gives a utility process instead of `process.send`. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

function report(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}

const parentPort = (process as { readonly parentPort?: ParentPort }).parentPort;

function send(message: FromEngine): void {
  if (parentPort !== undefined) parentPort.postMessage(message);
  else if (process.connected) process.send?.(message, undefined, {}, (error) => (error === null ? undefined : report(error)));
}

keepHeapSmall();
const sample = sampleFolder();
const server = createEngineServer({ send, report, ...(sample === undefined ? {} : { sampleFolder: sample }) }, () => process.exit(0));

if (parentPort !== undefined) parentPort.on('message', (event) => server.receive(event.data as ToEngine));
else {
  process.on('message', (message) => server.receive(message as ToEngine));
  // The parent is gone: nobody will ask any more. What was stored is finished at the next start.
  process.on('disconnect', () => void server.close().catch(report));
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void server.close().catch(report));
