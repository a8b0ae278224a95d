// One file on an SFTP server: looked at, fetched, and replaced by a new one under its name.
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { posix } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import type { Stats } from 'ssh2';
import type { ConnectorContext, TestCheck } from '../contract.ts';
import { createChecks } from '../shared/checks.ts';
import type { RemoteFile, RemoteStat } from '../remote/remote-file.ts';
import { connectorError } from '../shared/errors.ts';
import { lockedError } from '../shared/file-errors.ts';
import type { SftpConfig } from './config.ts';
import { status, statusOf } from './errors.ts';
import type { Session, Sftp } from './session.ts';
import { createSession } from './session.ts';

/**
 * SFTP tells times in whole seconds: a file that is written twice in one second may look the same after both. A state that was first seen longer ago
 * than this can be told from every later one; of a younger one the content decides.
 */
const youngMs = 2000;
/** No clock of a server is wrong by more: older files are never young. */
const surelyOldMs = 86_400_000;
const fetches = 5;
/** Temporary files of ours that are older were left behind by a crash. */
const leftoverSeconds = 86_400;

export function openSftpFile(config: SftpConfig, context: ConnectorContext): RemoteFile {
  const session = createSession(config, context);
  return createFile(session, config.path, context);
}

function createFile(session: Session, path: string, context: ConnectorContext): RemoteFile {
  const { address } = session;
  /** When the file was first seen as it is. */
  let first: { readonly looks: string; readonly seen: number } | undefined;
  /** The content of a young file, as it was last fetched or put there. */
  let fetched: { readonly version: string; readonly looks: string; readonly content: string } | undefined;

  const ask = <T>(signal: AbortSignal, work: (sftp: Sftp, real: string) => Promise<T>) =>
    context.send(() => session.run(signal, async (sftp) => work(sftp, await sftp.realpath(path))), { signal, isRepeatable: true });

  async function look({ stat }: Sftp, real: string): Promise<RemoteStat> {
    const found = await stat(real);
    if (!found.isFile()) throw connectorError('no-access', `${address} is not a file.`, 'Name a file, not a folder.');
    const looks = looksOf(found);
    if (first?.looks !== looks) first = { looks, seen: performance.now() };
    const isYoung = performance.now() - first.seen < youngMs && Date.now() - found.mtime * 1000 < surelyOldMs;
    return toStat(found, isYoung ? `${looks}-${randomUUID()}` : looks);
  }

  async function fetchOnce(sftp: Sftp, real: string, to: string): Promise<RemoteStat | undefined> {
    const before = await look(sftp, real);
    await promisify<string, string>(sftp.raw.fastGet.bind(sftp.raw))(real, to);
    const looks = looksOf(await sftp.stat(real));
    if (!before.version.startsWith(looks)) return undefined;
    if (before.version !== looks) fetched = { version: before.version, looks, content: await contentOf(createReadStream(to)) };
    return before;
  }

  /** Whether the file there is still the version. */
  async function isStill(sftp: Sftp, real: string, version: string): Promise<boolean> {
    const looks = looksOf(await sftp.stat(real));
    if (version === looks) return true;
    if (version !== fetched?.version || looks !== fetched.looks) return false;
    return (await contentOf(sftp.raw.createReadStream(real))) === fetched.content;
  }

  return {
    address,
    stat: (signal) => ask(signal, look),
    fetch: (to, signal) =>
      ask(signal, async (sftp, real) => {
        for (let count = 0; count < fetches; count += 1) {
          const found = await fetchOnce(sftp, real, to);
          if (found !== undefined) return found;
        }
        throw lockedError(address, 'somebody keeps writing to it while it is fetched');
      }),
    replace: (from, version, signal) =>
      context.send(
        () =>
          session.run(signal, async (sftp) => {
            const real = await sftp.realpath(path);
            if (!(await isStill(sftp, real, version))) return undefined;
            await removeLeftovers(sftp, real);
            const made = await put(sftp, { address, from, real, isStill: () => isStill(sftp, real, version) });
            if (made === undefined) return undefined;
            const looks = looksOf(made);
            first = { looks, seen: made.isYoung ? performance.now() : Number.NEGATIVE_INFINITY };
            if (!made.isYoung) return toStat(made, looks);
            fetched = { version: `${looks}-${randomUUID()}`, looks, content: await contentOf(createReadStream(from)) };
            return toStat(made, fetched.version);
          }),
        { signal, isRepeatable: false },
      ),
    beside: (names, signal) =>
      ask(signal, async (sftp, real) => {
        const there = await namesIn(sftp, posix.dirname(real));
        return names.filter((name) => there.has(name));
      }),
    check: (signal) => check(signal, ask, look),
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

function looksOf({ mtime, size }: Pick<Stats, 'mtime' | 'size'>): string {
  return `${mtime}-${size}`;
}

function toStat({ mtime, size }: Pick<Stats, 'mtime' | 'size'>, version: string): RemoteStat {
  return { version, size, modified: mtime * 1000 };
}

async function contentOf(stream: Readable): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(stream, hash);
  return hash.digest('hex');
}

interface Replacement {
  readonly address: string;
  readonly from: string;
  readonly real: string;
  isStill(): Promise<boolean>;
}

interface Made {
  readonly mtime: number;
  readonly size: number;
  /** Its time is that of its making or later. */
  readonly isYoung: boolean;
}

/** The new file under a name of its own first, so that a connection that breaks leaves the old one as it is. Undefined when the old one has changed. */
async function put(sftp: Sftp, { address, from, real, isStill }: Replacement): Promise<Made | undefined> {
  const temporary = posix.join(posix.dirname(real), `.${posix.basename(real)}.kanto-${randomUUID()}.tmp`);
  let isPut = false;
  try {
    const old = await sftp.stat(real);
    await upload(sftp, address, from, temporary, old.mode & 0o7777);
    const made = await sftp.stat(temporary);
    // Whatever is written to it from now on shows a later time, unless the old one is of this very moment.
    const isSameSize = old.size === made.size;
    const mtime = Math.max(old.mtime + (isSameSize ? 1 : 0), made.mtime - youngMs / 1000);
    await promisify<string, number, number>(sftp.raw.utimes.bind(sftp.raw))(temporary, made.atime, mtime);
    // Between this look and the new name another program has a moment; the protocol has no way to close that gap.
    if (!(await isStill())) return undefined;
    await rename(sftp, address, temporary, real);
    isPut = true;
    return { mtime, size: made.size, isYoung: mtime >= made.mtime };
  } finally {
    if (!isPut) await remove(sftp, temporary);
  }
}

async function upload({ raw }: Sftp, address: string, from: string, temporary: string, mode: number): Promise<void> {
  try {
    const fastPut = promisify((done: (error?: Error | null) => void) => raw.fastPut(from, temporary, { mode }, done));
    await fastPut();
    await promisify<string, number>(raw.chmod.bind(raw))(temporary, mode);
    await flush(raw, temporary);
  } catch (error) {
    if (statusOf(error) === status.failure && (await isFull(raw, posix.dirname(temporary)))) {
      const message = `There is no room left on the server to write ${address}; it was not changed.`;
      throw connectorError('disk-full', message, 'Free space there and run again.', error);
    }
    throw error;
  }
}

type Raw = Sftp['raw'];

/** On the disk before it gets the name, where the server offers that. */
async function flush(raw: Raw, path: string): Promise<void> {
  const handle = await promisify<string, 'r' | 'r+', Buffer>(raw.open.bind(raw))(path, 'r+');
  try {
    await offered(() => promisify<Buffer>(raw.ext_openssh_fsync.bind(raw))(handle));
  } finally {
    await promisify<Buffer>(raw.close.bind(raw))(handle);
  }
}

async function isFull(raw: Raw, folder: string): Promise<boolean> {
  const space = await offered(() => promisify<string, { f_bavail: number }>(raw.ext_openssh_statvfs.bind(raw))(folder));
  return space !== undefined && space.f_bavail === 0;
}

/** The driver throws at once for an extension that the server does not offer. */
async function offered<T>(request: () => Promise<T>): Promise<T | undefined> {
  try {
    return await request();
  } catch (error) {
    if (isNotOffered(error)) return undefined;
    throw error;
  }
}

function isNotOffered(error: unknown): boolean {
  return error instanceof Error && error.message === 'Server does not support this extended request';
}

async function rename({ raw }: Sftp, address: string, temporary: string, real: string): Promise<void> {
  try {
    await promisify<string, string>(raw.ext_openssh_rename.bind(raw))(temporary, real);
  } catch (error) {
    if (!isNotOffered(error)) throw error;
    const message = `The server of ${address} cannot put a new file in the place of an old one (posix-rename@openssh.com).`;
    throw connectorError('unsupported', message, 'Ask whoever runs it, or set "allow: []".', error);
  }
}

/** A session that is over takes its temporary file along later: see `removeLeftovers`. */
async function remove({ raw }: Sftp, path: string): Promise<void> {
  await promisify<string>(raw.unlink.bind(raw))(path).catch((error: unknown) => {
    const code = statusOf(error);
    if (code === undefined || code === status.noSuchFile || code === status.connectionLost || code === status.noConnection) return;
    throw error;
  });
}

async function namesIn({ raw }: Sftp, folder: string): Promise<ReadonlyMap<string, number>> {
  const entries = await promisify<string, { filename: string; attrs: { mtime: number } }[]>(raw.readdir.bind(raw))(folder);
  return new Map(entries.map(({ filename, attrs }) => [filename, attrs.mtime]));
}

async function removeLeftovers(sftp: Sftp, real: string): Promise<void> {
  const folder = posix.dirname(real);
  const now = Date.now() / 1000;
  for (const [name, time] of await namesIn(sftp, folder)) {
    if (name.startsWith(`.${posix.basename(real)}.kanto-`) && name.endsWith('.tmp') && now - time > leftoverSeconds)
      await remove(sftp, posix.join(folder, name));
  }
}

type Ask = <T>(signal: AbortSignal, work: (sftp: Sftp, real: string) => Promise<T>) => Promise<T>;

async function check(
  signal: AbortSignal,
  ask: Ask,
  look: (sftp: Sftp, real: string) => Promise<RemoteStat>,
): Promise<readonly TestCheck[]> {
  const { made, attempt } = createChecks();
  const opens = async (flags: 'r' | 'r+') =>
    ask(signal, async ({ raw }, real) => {
      const handle = await promisify<string, 'r' | 'r+', Buffer>(raw.open.bind(raw))(real, flags);
      await promisify<Buffer>(raw.close.bind(raw))(handle);
    });
  const isThere =
    (await attempt('reach', async () =>
      ask(signal, async () => 'The server answers, shows the key that is expected, and lets the user in.'),
    )) &&
    (await attempt('read', async () => {
      await opens('r');
      return `The file has ${(await ask(signal, look)).size} bytes.`;
    }));
  if (isThere) {
    await attempt('write', async () => {
      await opens('r+');
      return 'The file may be written; whether its folder takes a new one shows with the first write.';
    });
  }
  return made;
}
