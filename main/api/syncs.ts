// Syncs: the list, and one with its rules, limits, flows and revisions.
import type { z } from 'zod';
import type { ruleRowSchema } from '../../preload/contract/syncs.ts';
import { describeType } from '../core/mapping/canonical.ts';
import { fieldType } from '../config/field-type.ts';
import type { SyncConfig } from '../config/schema.ts';
import { revisionTable } from '../store/tables/revisions.ts';
import { conflictQueueTable } from '../store/tables/queries/conflict-queue.ts';
import { runListTable } from '../store/tables/queries/run-list.ts';
import { statisticsTable } from '../store/tables/queries/statistics.ts';
import type { ApiContext, Handlers } from './context.ts';
import { countsOf } from './run-view.ts';
import { allowed, createSyncViews, syncOf } from './sync-view.ts';
import { policiesWords, presencePolicyWords, ruleWords } from './words.ts';

export function syncHandlers({ workspace }: ApiContext): Pick<Handlers, 'syncs.list' | 'syncs.get'> {
  const views = createSyncViews(workspace);
  const runs = runListTable(workspace.db);
  const queue = conflictQueueTable(workspace.db);
  const statistics = statisticsTable(workspace.db);
  const revisions = revisionTable(workspace.db);

  return {
    'syncs.list': () => Object.entries(workspace.configuration().body.syncs).map(([id, sync]) => views.summary(id, sync)),
    'syncs.get'({ id }) {
      const sync = syncOf(workspace, id);
      const last = runs.last(id);
      const counts = last === undefined ? {} : countsOf(last);
      const changed = last === undefined ? {} : statistics.taken(last.id);
      const waiting = queue.ofSync(id);
      return {
        ...views.summary(id, sync),
        match: [...sync.match],
        presence: presencePolicyWords(sync.presence),
        first: policiesWords(sync.first),
        rules: rules(id, sync),
        limits: limits(sync),
        flows: Object.entries(sync.endpoints).map(([endpoint, config]) => {
          const own = counts[endpoint];
          return {
            endpoint,
            allow: [...allowed(workspace, config)],
            changed: changed[endpoint] ?? 0,
            written: own === undefined ? 0 : own.created + own.updated + own.deleted,
            withheld: own?.withheld ?? 0,
            ...(own === undefined ? {} : { complete: own.complete }),
          };
        }),
        readsByTime: Object.values(sync.endpoints).some(({ changes }) => changes === 'cursor'),
        held: waiting.reduce((sum, row) => sum + row.count, 0),
        runs: runs.count(id),
        revisions: revisions.list().slice(0, 100),
      };
    },
  };

  function rules(id: string, sync: SyncConfig): z.input<typeof ruleRowSchema>[] {
    const open = new Map(queue.openFields(id).map((row) => [row.field, row.count]));
    const settled = statistics.settled(id);
    const by = (field: string, who: 'policy' | 'person') => settled.find((row) => row.field === field && row.by === who)?.count ?? 0;
    return Object.entries(sync.record.fields).map(([field, config]) => ({
      field,
      type: describeType(fieldType(config)),
      class: config.class,
      directions: Object.fromEntries(
        Object.entries(sync.endpoints).map(([name, endpoint]) => {
          const mapping = Object.hasOwn(endpoint.fields, field) ? endpoint.fields[field] : undefined;
          const isAuthority = sync.authority[field]?.only.includes(name) === true;
          return [name, mapping === undefined ? null : isAuthority ? ('authority' as const) : mapping.direction];
        }),
      ),
      rule: ruleWords(sync, field),
      open: open.get(field) ?? 0,
      decided: { byRule: by(field, 'policy'), byPerson: by(field, 'person') },
    }));
  }
}

function limits(sync: SyncConfig): { name: string; value: string }[] {
  const both = ({ count, share }: { count: number; share: number }) =>
    `more than ${count.toLocaleString('en')} and at least ${(share * 100).toLocaleString('en', { maximumFractionDigits: 2 })} % of the rows are withheld`;
  return [
    { name: 'Deletes', value: both(sync.limits.deletes) },
    { name: 'Updates', value: both(sync.limits.updates) },
    { name: 'Suddenly empty cells of a field', value: both(sync.limits.emptied).replace('are withheld', 'pause the field') },
    { name: 'Changed cells of a field', value: both(sync.limits.changed).replace('are withheld', 'pause the field') },
    { name: 'Flips of a field', value: `after ${sync.limits.flips} returns to the same value in a row a person is asked` },
    { name: 'Clock skew', value: `times closer than ${sync.limits.skew} are undecided` },
    ...Object.entries(sync.sentinels).map(([endpoint, keys]) => ({
      name: `Sentinels in ${endpoint}`,
      value: `${keys.map((key) => key.join(', ')).join('; ')} must always be there`,
    })),
    ...Object.entries(sync.endpoints).flatMap(([endpoint, { absentScans }]) =>
      absentScans > 1 ? [{ name: `Absence in ${endpoint}`, value: `counts after ${absentScans} complete reads` }] : [],
    ),
  ];
}
