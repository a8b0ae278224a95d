// The connection test of a file that is reached by HTTP.
import type { TestCheck } from '../contract.ts';
import { momentIn } from '../shared/http.ts';
import { clockCheck, createChecks } from '../shared/checks.ts';
import type { HttpContent } from './http-file.ts';
import type { HttpServer } from './http-server.ts';

/** Its times are whole seconds, and say nothing of a record. */
const toleratedMs = 5000;

export async function checkFile(
  server: HttpServer,
  { look, requireConditional }: HttpContent,
  signal: AbortSignal,
  now: () => number,
): Promise<readonly TestCheck[]> {
  const { made, attempt } = createChecks();
  let clock: number | undefined;
  const isReached = await attempt('reach', async () => {
    const { headers, body } = await server.ask('HEAD', { signal });
    await body.dump();
    clock = momentIn(headers, 'date', now());
    return 'The server answers.';
  });
  if (!isReached) return made;
  const isRead = await attempt('read', async () => `The file has ${(await look(signal)).size} bytes.`);
  if (isRead)
    await attempt('write', async () => {
      await requireConditional(signal);
      return 'The file is replaced only while it is what was fetched.';
    });
  return clock === undefined ? made : [...made, clockCheck(clock - now(), toleratedMs, 'set one of the clocks')];
}
