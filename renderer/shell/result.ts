// The outcome of a run in one line.
import { count, counted } from '../ui/format.ts';
import type { RunSummary } from '../../preload/contract/runs.ts';

/** `12 created, 340 updated, 2 conflicts opened` or `nothing to do`. */
export function resultLine(run: Pick<RunSummary, 'status' | 'counts' | 'conflictsOpened'>): string {
  const { created, updated, deleted, failed, withheld, skipped, moved } = run.counts;
  const parts: (readonly [number, string])[] = [
    [created, 'created'],
    [updated, 'updated'],
    [deleted, 'deleted'],
    [failed, 'failed'],
    [withheld, 'withheld'],
    [skipped, 'skipped'],
    [moved, 'planned again'],
  ];
  const said = parts.filter(([number]) => number > 0).map(([number, word]) => `${count(number)} ${word}`);
  if (run.conflictsOpened > 0) said.push(`${counted(run.conflictsOpened, 'conflict')} opened`);
  if (said.length > 0) return said.join(', ');
  switch (run.status) {
    case 'failed':
      return 'failed, nothing was written';
    case 'cancelled':
      return 'cancelled, nothing was written';
    default:
      return 'nothing to do';
  }
}
