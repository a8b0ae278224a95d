// Entry of an engine process whose connectors have troubles, told as JSON in the first argument; what there was is written to the file of the second.
import { writeFileSync } from 'node:fs';
import type { ToEngine } from '../../preload/contract/engine-protocol.ts';
import { createEngineServer } from '../../main/api/engine-server.ts';
import { keepHeapSmall } from '../../main/api/small-heap.ts';
import { troubledRegistry, type Trouble, type TroubleTally } from './trouble.ts';

const report = (error: unknown) =>
  void process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);

keepHeapSmall();
const [, , asked = '', tallyFile = ''] = process.argv;
const trouble = JSON.parse(asked) as Trouble;
const tally: TroubleTally = { waits: 0, requests: 0, faults: 0 };
const server = createEngineServer(
  { send: (message) => void process.send?.(message), report, registry: troubledRegistry(trouble, tally) },
  () => {
    writeFileSync(tallyFile, JSON.stringify(tally));
    process.exit(0);
  },
);
process.on('message', (message) => server.receive(message as ToEngine));
process.on('disconnect', () => void server.close().catch(report));
