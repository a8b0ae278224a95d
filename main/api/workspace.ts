// The workspace itself: its name and figures, and where its configuration comes from.
import { conflictQueueTable } from '../store/tables/queries/conflict-queue.ts';
import { exportConfiguration } from '../config/export.ts';
import { goneWith } from '../config/gone.ts';
import { configurationOf } from '../engine/revision.ts';
import type { ApiContext, Handlers } from './context.ts';

type WorkspaceHandlers = Pick<
  Handlers,
  'workspace.info' | 'workspace.apply' | 'workspace.restore' | 'workspace.export' | 'workspace.sample'
>;

export function workspaceHandlers({ workspace }: ApiContext): WorkspaceHandlers {
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
    async 'workspace.apply'({ folder }) {
      const before = workspace.configuration();
      const revision = await workspace.applyFolder(folder);
      return { revision, before: before.revision, gone: goneWith(before.body, workspace.configuration().body) };
    },
    'workspace.restore'({ revision }) {
      const { body } = configurationOf(workspace, revision);
      return { revision: workspace.publish(body, `revision ${revision} again`) };
    },
    async 'workspace.export'({ folder: target }) {
      const { body } = workspace.configuration();
      const { folder, written, kept, others } = await exportConfiguration(body, target, Object.fromEntries(workspace.registry));
      return { folder, written: [...written], kept: [...kept], others: [...others] };
    },
    'workspace.sample': () => workspace.installSample(),
  };
}

/** Questions that still need a person. */
export function countUndecided(rows: readonly { readonly state: string; readonly count: number }[]): number {
  return rows.filter((row) => row.state === 'open').reduce((sum, row) => sum + row.count, 0);
}
