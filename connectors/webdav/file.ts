// One file on a WebDAV server. It is replaced under its entity tag, or under a lock: whatever the server was seen to keep.
import { createReadStream } from 'node:fs';
import { stat as localStat } from 'node:fs/promises';
import type { ConnectorContext } from '../contract.ts';
import { askedOnce, createHttpFile, isStill, isStrong, putWhile, unconditionalError, unknownVersion } from '../remote/http-file.ts';
import type { Found } from '../remote/http-file.ts';
import { createHttpServer, siblingOf } from '../remote/http-server.ts';
import type { FileVersion, RemoteFile, RemoteStat } from '../remote/remote-file.ts';
import { connectorError } from '../shared/errors.ts';
import { notAFileError } from '../shared/file-errors.ts';
import { momentIn, requireEncrypted } from '../shared/http.ts';
import type { WebdavConfig } from './config.ts';
import { lock, unlock } from './lock.ts';
import { probe } from './probe.ts';
import { parseProperties, propertiesOf } from './properties.ts';
import { cleaningUp, removeLeftovers, removeTemporary, temporaryBeside } from './temporary.ts';

/** Times of change are whole seconds, and clocks of the same server may differ a little. */
const tickMs = 2000;

/** `authority`: the certificates that `ca` names, in PEM. */
export function openWebdavFile({ url: text, user, insecure }: WebdavConfig, context: ConnectorContext, authority?: string): RemoteFile {
  const url = new URL(text);
  requireEncrypted(url, insecure);
  const [password, token] = [context.secret('password'), context.secret('token')];
  const authorization =
    user === undefined
      ? token === undefined
        ? undefined
        : `Bearer ${token}`
      : `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}`;
  const address = url.href;
  const server = createHttpServer(
    {
      address,
      url,
      authority,
      sign: async (_method, _url, headers) => (authorization === undefined ? headers : { ...headers, authorization }),
    },
    context,
  );
  const abilities = askedOnce(async (signal) => {
    await removeLeftovers(server, context.now(), signal);
    return probe(server, context.uuid(), signal);
  });

  async function look(signal: AbortSignal): Promise<Found> {
    const answer = await server.ask('PROPFIND', { signal, ...propertiesOf('0') });
    if (answer.status !== 207) return server.refuse('PROPFIND', answer);
    const { etag, size, modified, isFolder } = parseProperties(await answer.body.text(), address);
    if (isFolder) throw notAFileError(address);
    const isOld = modified !== undefined && (momentIn(answer.headers, 'date', context.now()) ?? context.now()) - modified > tickMs;
    const [mark, isSettled] = isStrong(etag) ? [etag, true] : [`${modified}/${size}`, isOld];
    // A server that counts in seconds gives a weak tag to what was written within the last one, and then the same one as a strong tag.
    const told = `${etag?.replace(/^W\//, '')}/${modified}/${size}`;
    return { mark, isSettled, told, size: size ?? 0, ...(modified === undefined ? {} : { modified }) };
  }

  /** Uploads beside it, and moves it into place while a lock keeps others away. */
  async function moveUnderLock(from: string, version: FileVersion, signal: AbortSignal): Promise<RemoteStat | undefined> {
    if (!(await isStill(look, version, signal))) return undefined;
    const beside = temporaryBeside(url, context.uuid());
    const { size } = await localStat(from);
    const headers = { 'content-length': String(size), 'content-type': 'application/octet-stream' };
    try {
      const sent = await server.ask('PUT', { at: beside, headers, body: createReadStream(from), signal });
      if (sent.status >= 300) return await server.refuse('PUT', sent);
      await sent.body.dump();
      return (await moveHere(beside, version, signal)) ? { version: unknownVersion(), size } : undefined;
    } finally {
      await removeTemporary(server, beside);
    }
  }

  /** False when the file is another one, or gone. */
  async function moveHere(beside: URL, version: FileVersion, signal: AbortSignal): Promise<boolean> {
    const held = await lock(server, url, signal);
    if (!('token' in held)) return server.refuse('LOCK', held);
    const condition = { if: `<${url.href}> (${held.token})` };
    try {
      if (held.isNewFile) {
        await server.status('DELETE', { headers: condition, signal });
        return false;
      }
      if (!(await isStill(look, version, signal))) return false;
      const moved = await server.ask('MOVE', { at: beside, headers: { destination: url.href, overwrite: 'T', ...condition }, signal });
      if (moved.status >= 300) return await server.refuse('MOVE', moved);
      await moved.body.dump();
      return true;
    } finally {
      await unlock(server, url, held, cleaningUp());
    }
  }

  return createHttpFile(
    server,
    {
      look,
      async requireConditional(signal) {
        const { keepsTags, keepsWhole, keepsLocks, movesUnderLock } = await abilities(signal);
        if ((keepsTags && keepsWhole) || movesUnderLock) return;
        if (!keepsTags && !keepsLocks) throw unconditionalError(address, 'keeps neither conditions (If-Match) nor locks');
        throw connectorError(
          'unsupported',
          `The server of ${address} leaves half a file in place when an upload breaks, and cannot move a new one over it under a condition. Nothing was written.`,
          'Set "allow: []" for it, or use another server.',
        );
      },
      async replace(from, version, signal) {
        const { keepsTags, keepsWhole, movesUnderLock } = await abilities(signal);
        if (keepsTags && keepsWhole && isStrong(version)) {
          return putWhile(server, from, { tag: version, look }, signal);
        }
        if (movesUnderLock) return moveUnderLock(from, version, signal);
        throw unconditionalError(address, 'gives the file no strong entity tag');
      },
      async beside(names, signal) {
        const found: string[] = [];
        for (const name of names) if ((await server.status('HEAD', { at: siblingOf(url, name), signal })) === 200) found.push(name);
        return found;
      },
    },
    context,
  );
}
