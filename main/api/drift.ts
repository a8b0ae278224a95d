// Answers to schema drift: pause the field, leave it out, or map it to another column.
import type { z } from 'zod';
import type { driftCalls } from '../../preload/contract/drift.ts';
import { changeMappings } from '../config/write-sync.ts';
import { KantoError } from '../core/model/error.ts';
import { driftTable } from '../store/tables/drift.ts';
import type { DriftRow } from '../store/tables/drift.ts';
import type { ApiContext, Handlers } from './context.ts';
import { syncOf } from './sync-view.ts';

type Input = z.output<(typeof driftCalls)['drift.resolve']['input']>;

export function driftHandlers({ workspace }: ApiContext): Pick<Handlers, keyof typeof driftCalls> {
  const drifts = driftTable(workspace.db);

  const known = ({ sync, endpoint, field }: Input): DriftRow => {
    const found = drifts.of(sync, endpoint).find((one) => one.field === field);
    if (found !== undefined) return found;
    throw new KantoError(
      'not-now',
      `${field} of ${endpoint} misses no column in ${sync}.`,
      'Look at the list again; the column may be back, or the mapping has changed.',
      'ask-user',
    );
  };

  return {
    'drift.list'({ sync }) {
      const { syncs } = workspace.configuration().body;
      return drifts
        .all()
        .filter((row) => (sync === undefined || row.sync === sync) && isMapped(syncs[row.sync]?.endpoints[row.endpoint]?.fields, row))
        .map(({ choice, near, ...row }) => ({ ...row, near: [...near], accepted: choice === 'pause' }));
    },
    'drift.resolve'(input) {
      const row = known(input);
      if (input.choice === 'pause') {
        drifts.accept(row.sync, row.endpoint, row.field, workspace.user);
        workspace.changed();
        return {};
      }
      return { revision: remap(row, input) };
    },
  };

  function remap({ sync: id, endpoint: name, field }: DriftRow, { choice, column }: Input): number {
    if (choice === 'map' && column === undefined) {
      throw new KantoError(
        'invalid-input',
        `It is not said to which column ${field} is mapped.`,
        'Name a column of the place.',
        'ask-user',
      );
    }
    const { body } = workspace.configuration();
    const fields = Object.entries(syncOf(workspace, id).endpoints[name]?.fields ?? {});
    const mappings = fields.flatMap(([own, mapping]) => {
      if (own !== field) return [{ field: own, ...mapping }];
      return column === undefined || choice === 'ignore' ? [] : [{ field: own, ...mapping, column }];
    });
    const changed = changeMappings(body, id, [{ name, mappings }], Object.fromEntries(workspace.registry));
    const what = choice === 'ignore' ? `${field} left out at ${name}` : `${field} mapped to ${column} at ${name}`;
    const revision = workspace.publish(changed, what);
    drifts.drop(id, name, field);
    return revision;
  }
}

/** A drift of a mapping that was changed since asks nothing any more. */
function isMapped(fields: Readonly<Record<string, { readonly column: string }>> | undefined, { field, column }: DriftRow): boolean {
  return fields?.[field]?.column === column;
}
