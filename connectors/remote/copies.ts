// Local copies of a file elsewhere: each holds one content of it, is never changed, and goes when nobody reads it any more.
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from '../contract.ts';
import { isUnchanged } from '../shared/replace.ts';
import type { RemoteFile, RemoteStat } from './remote-file.ts';

export interface Copy {
  readonly path: string;
  readonly connection: Connection;
  /** What the place said of the content. */
  readonly stat: RemoteStat;
}

/** A copy that is being changed, to be put in the place of the file. */
export interface Draft {
  readonly path: string;
  readonly connection: Connection;
  isChanged(): Promise<boolean>;
}

type FetchOptions = Parameters<RemoteFile['fetch']>[2];

export interface Copies extends AsyncDisposable {
  /** Runs work on a copy of the file as it is now. The copy stays as long as the work lasts. */
  use<T>(signal: AbortSignal, options: FetchOptions, work: (copy: Copy) => Promise<T>): Promise<T>;
  /** The same for pages, which are asked for one by one. */
  pages<Page>(signal: AbortSignal, work: (copy: Copy) => AsyncIterable<Page>): AsyncGenerator<Page>;
  /** Runs work on a second copy, which may be changed. The work answers what lies there now, when it has put the second one in the place of the file. */
  change(of: Copy, work: (draft: Draft) => Promise<RemoteStat | undefined>): Promise<void>;
}

/** Folders of this process. Only one process has a workspace open, so that any other is what a crash left behind. */
const inUse = new Set<string>();

/** Makes a folder for the copies of one connection, and removes what a crash left of others. */
export async function makeFolder(among: string): Promise<string> {
  await mkdir(among, { recursive: true, mode: 0o700 });
  for (const name of await readdir(among)) if (!inUse.has(join(among, name))) await rm(join(among, name), { recursive: true, force: true });
  const folder = join(among, randomUUID());
  inUse.add(folder);
  await mkdir(folder, { mode: 0o700 });
  return folder;
}

interface Held extends Copy {
  readonly folder: string;
  users: number;
  isCurrent: boolean;
}

/** `name`: what a copy is called, so that datasets are named after the file. `open`: reads and writes the file at a path. */
export function createCopies(file: RemoteFile, folder: string, name: string, open: (path: string) => Promise<Connection>): Copies {
  let count = 0;
  let current: Held | undefined;
  let fetching: Promise<unknown> = Promise.resolve();

  const place = async () => {
    count += 1;
    const own = join(folder, String(count));
    await mkdir(own, { recursive: true, mode: 0o700 });
    return { folder: own, path: join(own, name) };
  };
  const drop = async ({ folder: own, connection }: Pick<Held, 'folder' | 'connection'>) => {
    await connection[Symbol.asyncDispose]();
    await rm(own, { recursive: true, force: true });
  };
  const letGo = async (copy: Held) => {
    copy.users -= 1;
    if (copy.users === 0 && !copy.isCurrent) await drop(copy);
  };
  const replaceCurrent = async (next: Held | undefined) => {
    const last = current;
    current = next;
    if (last === undefined) return;
    last.isCurrent = false;
    if (last.users === 0) await drop(last);
  };
  const fetchNow = async (signal: AbortSignal, options: FetchOptions): Promise<Held> => {
    if (current !== undefined && current.stat.version === (await file.stat(signal)).version) {
      current.users += 1;
      return current;
    }
    const { folder: own, path } = await place();
    try {
      const found = await file.fetch(path, signal, options);
      await keepTime(path, found);
      const copy: Held = { folder: own, path, connection: await open(path), stat: found, users: 1, isCurrent: true };
      await replaceCurrent(copy);
      return copy;
    } catch (error) {
      await rm(own, { recursive: true, force: true });
      throw error;
    }
  };
  /** One after the other, so that the same content is fetched once. */
  const take = async (signal: AbortSignal, options: FetchOptions): Promise<Held> => {
    const mine = fetching.then(() => fetchNow(signal, options));
    fetching = mine.catch(() => undefined); // Whoever asked for it is told.
    return mine;
  };

  return {
    async use(signal, options, work) {
      const copy = await take(signal, options);
      try {
        return await work(copy);
      } finally {
        await letGo(copy);
      }
    },
    async *pages(signal, work) {
      const copy = await take(signal, { isForReplacing: false });
      try {
        yield* work(copy);
      } finally {
        await letGo(copy);
      }
    },
    async change(of, work) {
      const { folder: own, path } = await place();
      try {
        await copyFile(of.path, path, constants.COPYFILE_FICLONE);
        const before = await stat(path, { bigint: true });
        const connection = await open(path);
        const lies = await work({ path, connection, isChanged: async () => !isUnchanged(before, await stat(path, { bigint: true })) });
        if (lies === undefined) {
          await drop({ folder: own, connection });
          return;
        }
        await keepTime(path, lies);
        await replaceCurrent({ folder: own, path, connection, stat: lies, users: 0, isCurrent: true });
      } catch (error) {
        await rm(own, { recursive: true, force: true });
        throw error;
      }
    },
    async [Symbol.asyncDispose]() {
      await fetching;
      await replaceCurrent(undefined);
      await rm(folder, { recursive: true, force: true });
      inUse.delete(folder);
    },
  };
}

/** The position of a read is the time of change of its file. */
async function keepTime(path: string, { modified }: RemoteStat): Promise<void> {
  if (modified !== undefined) await utimes(path, new Date(), new Date(modified));
}
