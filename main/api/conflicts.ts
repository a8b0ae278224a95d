// The review queue and one question with everything a person needs to decide it.
import type { z } from 'zod';
import type { conflictCalls, historyEntrySchema } from '../../preload/contract/conflicts.ts';
import type { Decision } from '../core/model/record.ts';
import type { Values } from '../core/model/value.ts';
import { conflictQueueTable } from '../store/tables/queries/conflict-queue.ts';
import type { ConflictRow } from '../store/tables/queries/conflict-queue.ts';
import { recordViewTable } from '../store/tables/queries/record-view.ts';
import type { HistoryRow } from '../store/tables/queries/record-view.ts';
import { conflictRows } from './conflict-rows.ts';
import { matchOf, presenceOf, queueItem, seenOf } from './conflict-view.ts';
import type { ApiContext, Handlers } from './context.ts';
import { knownConflict } from './known-conflict.ts';
import { syncOf } from './sync-view.ts';
import { decisionWords } from './words.ts';
import { stored, wire } from './wire.ts';

type Detail = z.input<(typeof conflictCalls)['conflicts.get']['output']>;

/** History lines shown of a record. */
const historyShown = 200;

export function conflictHandlers({ workspace }: ApiContext): Pick<Handlers, 'conflicts.list' | 'conflicts.get'> {
  const queue = conflictQueueTable(workspace.db);
  const records = recordViewTable(workspace.db);

  return {
    'conflicts.list'({ offset, limit, text, ...asked }) {
      const filter = { ...asked, text: text === '' ? undefined : text };
      const groups = queue.groups(filter);
      const waiting = asked.sync === undefined ? queue.bySync() : queue.ofSync(asked.sync);
      return {
        total: groups.reduce((sum, group) => sum + group.count, 0),
        open: waiting.filter((row) => row.state === 'open').reduce((sum, row) => sum + row.count, 0),
        decidedToday: queue.decidedSince(new Date(workspace.now()).setHours(0, 0, 0, 0)),
        groups,
        items: queue.page(filter, offset, limit).map((row) => queueItem(row, row.kind === 'fields' ? queue.fields(row.id) : [])),
      };
    },
    'conflicts.get'({ id }) {
      const row = knownConflict(queue, id);
      const fields = queue.fields(id);
      const sync = syncOf(workspace, row.sync);
      const links = row.record === null ? [] : records.links(row.record);
      const history = row.record === null ? [] : records.history(row.record, historyShown);
      const golden = row.record === null ? {} : (records.golden(row.record) ?? {});
      return {
        ...queueItem(row, fields),
        seen: seenOf(row, fields),
        endpoints: Object.entries(sync.endpoints).map(([name, { connection, dataset }]) => ({
          name,
          connector: workspace.configuration().body.connections[connection]?.connector ?? '',
          dataset,
        })),
        rows: row.record === null ? [] : conflictRows({ sync, golden, links, contested: fields, history, since: row.run }),
        history: [...history.map(historyEntry), ...(row.record === null ? [] : birthEntries(records.births(row.record)))],
        ...(row.kind === 'presence' ? { presence: presence(row) } : {}),
        ...(row.kind === 'match' ? { partners: partners(row) } : {}),
      };
    },
  };

  /** The rows that wait, and the rows of the existing records that they could belong to. */
  function partners(row: ConflictRow): NonNullable<Detail['partners']> {
    const body = matchOf(row);
    const waiting = body.rows.map(({ endpoint, key, values }) => ({
      endpoint,
      key: JSON.parse(key) as string[],
      values: wireValues(values),
      linked: false,
    }));
    const linked = body.records.map(Number).flatMap((record) => {
      const golden = records.golden(record);
      if (golden === undefined) return [];
      return records.links(record).map((link) => ({
        endpoint: link.endpoint,
        key: JSON.parse(link.key) as string[],
        values: wireValues(link.shadow === null ? golden : (JSON.parse(link.shadow) as Values)),
        linked: true,
      }));
    });
    return [...waiting, ...linked];
  }
}

function presence(row: ConflictRow): NonNullable<Detail['presence']> {
  const { deletedAt, changedAt, choice } = presenceOf(row);
  return {
    deletedAt: [...deletedAt],
    changedAt: [...changedAt],
    ...(choice === undefined ? {} : { choice: choice.keep ? 'keep' : 'delete' }),
  };
}

function wireValues(values: Values): Record<string, ReturnType<typeof wire>> {
  return Object.fromEntries(Object.entries(values).map(([field, value]) => [field, wire(value)]));
}

type HistoryEntry = z.input<typeof historyEntrySchema>;

function birthEntries({ run, at, values }: ReturnType<ReturnType<typeof recordViewTable>['births']>): HistoryEntry[] {
  return Object.entries(values).map(([field, value]) => ({ at, run, field, to: wire(value), what: 'as it was first found' }));
}

function historyEntry(row: HistoryRow): HistoryEntry {
  const decision = decisionWords(JSON.parse(row.decision) as Decision);
  const from = stored(row.from);
  const to = stored(row.to);
  return {
    at: row.at,
    run: row.run,
    field: row.field,
    ...(from === undefined ? {} : { from: wire(from) }),
    ...(to === undefined ? {} : { to: wire(to) }),
    what: row.kind === 'change' ? decision : `value of ${row.source ?? 'the record'} not taken: ${decision}`,
  };
}
