// The workspace itself: its name and figures, and where its configuration comes from.
import { conflictQueueTable } from '../store/tables/queries/conflict-queue.ts';
import type { ApiContext, Handlers } from './context.ts';

export function workspaceHandlers({ workspace }: ApiContext): Pick<Handlers, 'workspace.info' | 'workspace.apply' | 'workspace.sample'> {
  const queue = conflictQueueTable(workspace.db);
  return {
    'workspace.info'() {
      const { revision, body } = workspace.configuration();
      return {
        name: body.name,
        folder: workspace.folder,
        revision,
        counts: {
          syncs: Object.keys(body.syncs).length,
          conflicts: countUndecided(queue.bySync()),
          connections: Object.keys(body.connections).length,
        },
      };
    },
    'workspace.apply': async ({ folder }) => ({ revision: await workspace.applyFolder(folder) }),
    'workspace.sample': () => workspace.installSample(),
  };
}

/** Questions that still need a person. */
export function countUndecided(rows: readonly { readonly state: string; readonly count: number }[]): number {
  return rows.filter((row) => row.state === 'open').reduce((sum, row) => sum + row.count, 0);
}
