// A sync in brief: its endpoints, its last run, what waits and how many records it has.
import type { Problem } from '../../preload/contract/errors.ts';
import type { EndpointBrief } from '../../preload/contract/values.ts';
import type { SyncSummary } from '../../preload/contract/workspace.ts';
import { connectionCapabilities } from '../config/connection-capabilities.ts';
import type { EndpointConfig, SyncConfig } from '../config/schema.ts';
import { KantoError } from '../core/model/error.ts';
import { unknownSync } from '../engine/sync-context.ts';
import type { Workspace } from '../engine/workspace.ts';
import type { WriteKind } from '../../connectors/native.ts';
import { conflictQueueTable } from '../store/tables/queries/conflict-queue.ts';
import { recordViewTable } from '../store/tables/queries/record-view.ts';
import { runListTable } from '../store/tables/queries/run-list.ts';
import { scheduleView } from './schedules.ts';
import { countUndecided } from './workspace.ts';
import { countsOf, totalsOf } from './run-view.ts';
import { runWords } from './words.ts';

export interface SyncViews {
  summary(id: string, sync: SyncConfig): SyncSummary;
  brief(sync: string, name: string, endpoint: EndpointConfig): EndpointBrief;
}

export function createSyncViews(workspace: Workspace): SyncViews {
  const runs = runListTable(workspace.db);
  const queue = conflictQueueTable(workspace.db);
  const records = recordViewTable(workspace.db);
  const brief: SyncViews['brief'] = (sync, name, endpoint) => {
    const rows = records.endpointRows(sync)[name];
    const directions = Object.values(endpoint.fields).map((field) => field.direction);
    return {
      name,
      connection: endpoint.connection,
      connector: workspace.configuration().body.connections[endpoint.connection]?.connector ?? '',
      dataset: endpoint.dataset,
      ...(rows === undefined ? {} : { rows }),
      reads: directions.some((direction) => direction !== 'write'),
      writes: allowed(workspace, endpoint).length > 0 && directions.some((direction) => direction !== 'read'),
    };
  };
  return {
    brief,
    summary(id, sync) {
      const last = runs.last(id);
      const running = runs.running(id);
      return {
        id,
        title: sync.title,
        owner: sync.owner,
        endpoints: Object.entries(sync.endpoints).map(([name, endpoint]) => brief(id, name, endpoint)),
        ...(last === undefined
          ? {}
          : {
              lastRun: {
                id: last.id,
                status: last.status,
                ...(last.problem === null ? {} : { problem: JSON.parse(last.problem) as Problem }),
                at: last.finished ?? last.started,
                summary: runWords(last.status, totalsOf(countsOf(last)), last.opened),
              },
            }),
        ...(running === undefined ? {} : { running }),
        conflicts: countUndecided(queue.ofSync(id)),
        records: records.count(id),
        ...(sync.schedule === undefined ? {} : { schedule: scheduleView(workspace, id, sync.schedule) }),
      };
    },
  };
}

/** What the sync may do at an endpoint. */
export function allowed(workspace: Workspace, endpoint: EndpointConfig): readonly WriteKind[] {
  const can = connectionCapabilities(workspace.configuration().body, endpoint.connection, workspace.registry)?.write ?? [];
  return endpoint.allow === undefined ? can : endpoint.allow.filter((kind) => can.includes(kind));
}

/** The configured sync; throws `unknown-sync`. */
export function syncOf(workspace: Workspace, id: string): SyncConfig {
  const { body } = workspace.configuration();
  const sync = Object.hasOwn(body.syncs, id) ? body.syncs[id] : undefined;
  if (sync === undefined) throw unknownSync(id, body);
  return sync;
}

/** The configured endpoint of a sync; throws `invalid-input`. */
export function endpointOf(sync: SyncConfig, id: string, name: string): EndpointConfig {
  const endpoint = Object.hasOwn(sync.endpoints, name) ? sync.endpoints[name] : undefined;
  if (endpoint !== undefined) return endpoint;
  throw new KantoError('invalid-input', `${id} has no endpoint ${name}.`, `It has: ${Object.keys(sync.endpoints).join(', ')}.`, 'ask-user');
}
