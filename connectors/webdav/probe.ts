// Finds out, on names beside the file, how a WebDAV server can be made to replace a file under a condition, whole or not at all.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Asking, HttpServer, Method } from '../remote/http-server.ts';
import { lock, unlock } from './lock.ts';
import { removeTemporary, temporaryBeside } from './temporary.ts';

/** What the server was seen to do. */
export interface Abilities {
  /** `If-Match` stops a PUT. */
  readonly keepsTags: boolean;
  /** A lock stops whoever does not show its token. */
  readonly keepsLocks: boolean;
  /** An upload that breaks changes nothing. */
  readonly keepsWhole: boolean;
  /** A lock on the target stops a MOVE too, and its token lets it pass. */
  readonly movesUnderLock: boolean;
}

const old = 'old';
const half = new Uint8Array(64 * 1024);
/** How often a file is looked at while an upload hangs, and after it broke. */
const looks = 4;
const betweenLooksMs = 60;

export async function probe(server: HttpServer, id: string, signal: AbortSignal): Promise<Abilities> {
  const target = temporaryBeside(server.url, id);
  const other = temporaryBeside(server.url, `${id}-new`);
  const status = async (method: Method, asking: Omit<Asking, 'signal'>) => {
    const answer = await conclusive(server, method, { ...asking, signal });
    await answer.body.dump();
    return answer.status;
  };
  const put = (at: URL, headers: Readonly<Record<string, string>> = {}) => status('PUT', { at, headers, body: old });
  const made = await server.ask('PUT', { at: target, body: old, signal });
  if (made.status >= 300) return server.refuse('PUT', made);
  await made.body.dump();
  try {
    const keepsTags = (await put(target, { 'if-match': '"no such thing"' })) === 412;
    const keepsWhole = await survivesCut(server, target, signal);
    const held = await lock(server, target, signal);
    if (!('token' in held)) {
      if (isPassing(held)) return await server.refuse('LOCK', held);
      await held.body.dump();
      return { keepsTags, keepsWhole, keepsLocks: false, movesUnderLock: false };
    }
    const keepsLocks = (await put(target)) === 423;
    await put(other);
    const move = (condition: Readonly<Record<string, string>>) =>
      status('MOVE', { at: other, headers: { destination: target.href, overwrite: 'T', ...condition } });
    const movesUnderLock = keepsLocks && (await move({})) === 423 && (await move({ if: `<${target.href}> (${held.token})` })) < 300;
    await unlock(server, target, held, signal);
    return { keepsTags, keepsWhole, keepsLocks, movesUnderLock };
  } finally {
    for (const at of [target, other]) await removeTemporary(server, at);
  }
}

/** An answer that says something of the server, and not of how it is just now. */
async function conclusive(server: HttpServer, method: Method, asking: Asking): Promise<Answer> {
  const answer = await server.ask(method, asking);
  return isPassing(answer) ? server.refuse(method, answer) : answer;
}

function isPassing({ status }: Answer): boolean {
  return status === 429 || (status >= 500 && status !== 501);
}

/** Sends half a file and breaks off: what was there must be there all the time. */
async function survivesCut(server: HttpServer, at: URL, signal: AbortSignal): Promise<boolean> {
  let isWhole = true;
  const look = async () => {
    for (let count = 0; isWhole && count < looks; count += 1) {
      await sleep(betweenLooksMs);
      const { status, body } = await conclusive(server, 'GET', { at, signal });
      isWhole = status === 200 && (await body.text()) === old;
    }
  };
  const broken = new Error('Broken off on purpose.');
  async function* body(): AsyncGenerator<Uint8Array> {
    yield half;
    await look();
    throw broken;
  }
  try {
    await server.status('PUT', { at, headers: { 'content-length': String(2 * half.length) }, body: body(), signal });
  } catch (error) {
    if (!(error instanceof Error && error.cause === broken)) throw error;
  }
  await look();
  return isWhole;
}
