// Locks of a WebDAV server: while one is held, whoever does not show its token writes nothing.
import type { Answer, HttpServer } from '../remote/http-server.ts';

const lockWanted =
  '<?xml version="1.0" encoding="utf-8"?><lockinfo xmlns="DAV:"><lockscope><exclusive/></lockscope><locktype><write/></locktype><owner>KantoSynchro</owner></lockinfo>';
/** What a crash leaves locked is free again after this. */
const seconds = 60;

export interface Lock {
  /** As it stands in an `If` header: `<urn:uuid:...>`. */
  readonly token: string;
  /** There was nothing to lock, and the server made an empty file. */
  readonly isNewFile: boolean;
}

/** The lock, or the answer of a server that gives none. */
export async function lock(server: HttpServer, at: URL, signal: AbortSignal): Promise<Lock | Answer> {
  const headers = { depth: '0', timeout: `Second-${seconds}`, 'content-type': 'application/xml; charset=utf-8' };
  const answer = await server.ask('LOCK', { at, headers, body: lockWanted, signal });
  const token = answer.headers['lock-token'];
  if (typeof token !== 'string' || answer.status >= 300) return answer;
  await answer.body.dump();
  return { token, isNewFile: answer.status === 201 };
}

/** A lock that is gone already, as after what it was for was replaced, is as good. */
export async function unlock(server: HttpServer, at: URL, { token }: Lock, signal: AbortSignal): Promise<void> {
  await server.status('UNLOCK', { at, headers: { 'lock-token': token }, signal });
}
