// Notices that a file changed, once it is whole: written in place or replaced, by anybody but the run itself.
import { existsSync, statSync, watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';

export interface FileWatch {
  /** A run begins to read. */
  begin(): void;
  /** The run is over. What it wrote is no news; what somebody else wrote meanwhile is. */
  end(hasWritten: boolean): void;
  close(): void;
}

export interface FileWatchOptions {
  /** A file counts as whole when it stays the same for so long, in milliseconds. */
  readonly quietMs: number;
  readonly onChange: () => void;
  readonly onError: (error: unknown) => void;
}

/** Looked at this often even where the system tells nothing, as on network drives. */
const pollMs = 10_000;

export function watchFiles(paths: readonly string[], { quietMs, onChange, onError }: FileWatchOptions): FileWatch {
  const look = () => paths.map(fingerprint).join('\n');
  let known = look();
  let begun = known;
  let candidate = known;
  let timer: NodeJS.Timeout | undefined;
  const settle = (): void => {
    const now = look();
    if (now === known) return;
    if (now !== candidate || paths.some(isHalfWritten)) {
      candidate = now;
      schedule(quietMs);
      return;
    }
    known = now;
    onChange();
  };
  const schedule = (afterMs: number): void => {
    clearTimeout(timer);
    timer = setTimeout(settle, afterMs);
  };
  const noticed = (): void => {
    candidate = '';
    schedule(quietMs);
  };
  const names = new Set(paths.map((path) => basename(path)));
  const watchers: FSWatcher[] = [];
  for (const folder of new Set(paths.map(dirname))) {
    if (!existsSync(folder)) continue;
    const watcher = watch(folder, (_event, name) => {
      if (name === null || names.has(name)) noticed();
    });
    watcher.on('error', onError);
    watchers.push(watcher);
  }
  const poll = setInterval(() => {
    if (look() !== known) noticed();
  }, pollMs);
  return {
    begin() {
      begun = look();
    },
    end(hasWritten) {
      known = hasWritten ? look() : begun;
      if (look() !== known) noticed();
    },
    close() {
      clearTimeout(timer);
      clearInterval(poll);
      for (const watcher of watchers) watcher.close();
    },
  };
}

/** Another content has another size, time or, once it was replaced, another number. */
function fingerprint(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  return found === undefined ? `${path} gone` : `${path} ${found.size} ${found.mtimeNs} ${found.ino}`;
}

/** Nothing is there, or a program holds it open with a lock file beside it. */
function isHalfWritten(path: string): boolean {
  if (path.endsWith('-wal')) return false;
  const name = basename(path);
  return !existsSync(path) || [`.~lock.${name}#`, `~$${name}`].some((lock) => existsSync(`${dirname(path)}/${lock}`));
}
