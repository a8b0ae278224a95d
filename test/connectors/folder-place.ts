// Files of another folder as if they lay on a server, with what can go wrong between a look and a replacement.
import { copyFile, readdir, rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { createRemoteConnector } from '../../connectors/remote/connector.ts';
import { formatShape } from '../../connectors/remote/formats.ts';
import type { RemoteFile, RemoteStat } from '../../connectors/remote/remote-file.ts';
import { connectorError } from '../../connectors/shared/errors.ts';
import { translate } from '../../connectors/shared/file-errors.ts';

export interface Trouble {
  /** Called before the file is replaced, as another program would act then. */
  readonly beforeReplace?: () => Promise<void>;
  /** The file is replaced, and the answer is lost. */
  readonly losesAnswer?: () => boolean;
  readonly onFetch?: () => void;
}

/** A connector of files in other folders. */
export function createFolderConnector(trouble: Trouble = {}) {
  return createRemoteConnector({
    id: 'folder',
    title: 'Another folder',
    configSchema: z.strictObject({ path: z.string(), ...formatShape }),
    secrets: [],
    nameOf: ({ path }) => basename(path),
    open: async ({ path }) => openFile(path, trouble),
  });
}

function openFile(path: string, trouble: Trouble): RemoteFile {
  const address = `folder:${path}`;
  const look = async (): Promise<RemoteStat> => {
    try {
      const { ino, size, mtimeNs, mtimeMs } = await stat(path, { bigint: true });
      return { version: `${ino}-${size}-${mtimeNs}`, size: Number(size), modified: Number(mtimeMs) };
    } catch (error) {
      throw translate(error, address, 'reading');
    }
  };
  return {
    address,
    stat: look,
    async fetch(to) {
      trouble.onFetch?.();
      const found = await look();
      await copyFile(path, to);
      return found;
    },
    async replace(from, version) {
      await trouble.beforeReplace?.();
      if ((await look()).version !== version) return undefined;
      await copyFile(from, `${path}.new`);
      await rename(`${path}.new`, path);
      if (trouble.losesAnswer?.() === true) throw connectorError('unavailable', `The connection to ${address} broke.`, 'Run again.');
      return look();
    },
    async beside(names) {
      const there = await readdir(dirname(path));
      return names.filter((name) => there.includes(name));
    },
    async check() {
      const { size } = await look();
      return [{ name: 'read', isOk: true, says: `${size} bytes.` }];
    },
    async [Symbol.asyncDispose]() {
      // Nothing is held open between calls.
    },
  };
}

/** Where the copies of files lie while a connection is open. */
export function copiesIn(backupFolder: string): Promise<readonly string[]> {
  return readdir(join(backupFolder, 'copies'));
}
