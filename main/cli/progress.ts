// One line of progress that rewrites itself; only where somebody watches.
import type { Progress } from '../../preload/contract/runs.ts';
import type { Streams } from './output.ts';
import { clip } from './output.ts';

const words: Readonly<Record<Progress['phase'], string>> = {
  read: 'Reading',
  match: 'Matching',
  merge: 'Merging',
  plan: 'Planning',
  write: 'Writing',
  verify: 'Verifying',
};

export function progressText(progress: Progress): string {
  const of = progress.total === undefined ? '' : ` of ${progress.total.toLocaleString('en')}`;
  const rate = progress.perSecond > 0 ? `, ${progress.perSecond.toLocaleString('en')}/s` : '';
  const left = progress.remainingMs === undefined ? '' : `, ${Math.ceil(progress.remainingMs / 1000)} s left`;
  const where = progress.endpoint === undefined ? '' : ` ${progress.endpoint}`;
  return `${words[progress.phase]}${where}: ${progress.done.toLocaleString('en')}${of}${rate}${left}`;
}

/** A listener that shows what runs on standard error, and the way to wipe the line; both do nothing without a terminal. */
export function createProgressLine(stderr: Streams['stderr']): {
  readonly show: (all: readonly Progress[]) => void;
  readonly clear: () => void;
} {
  if (stderr.isTTY !== true) return { show: () => undefined, clear: () => undefined };
  return {
    show(all) {
      const [first] = all;
      if (first !== undefined) stderr.write(`\r\x1b[2K${clip(progressText(first), (stderr.columns ?? 80) - 1)}`);
    },
    clear: () => void stderr.write('\r\x1b[2K'),
  };
}
