// Which syncs a filter shows.
import type { SyncSummary } from '../../../preload/contract/workspace.ts';

/** Name, owner or an endpoint contains the text; case does not matter. */
export function matches(sync: Pick<SyncSummary, 'id' | 'title' | 'owner' | 'endpoints'>, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return true;
  const said = [sync.id, sync.title, sync.owner, ...sync.endpoints.flatMap(({ name, connection, dataset }) => [name, connection, dataset])];
  return said.some((part) => part.toLowerCase().includes(wanted));
}

/** Something waits for a decision, or the last run was no whole success. */
export function needsPerson(sync: Pick<SyncSummary, 'conflicts' | 'lastRun'>): boolean {
  const status = sync.lastRun?.status;
  return sync.conflicts > 0 || status === 'failed' || status === 'partial' || status === 'withheld';
}
