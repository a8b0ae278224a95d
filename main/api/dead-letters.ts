// Dead letters: the queue, one with payload and answer, retry, discard, and an edit that becomes the record's value.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { z } from 'zod';
import type { deadLetterCalls, Letter, LetterChoice } from '../../preload/contract/dead-letters.ts';
import { fieldType } from '../config/field-type.ts';
import { describeType } from '../core/mapping/canonical.ts';
import { KantoError } from '../core/model/error.ts';
import type { Values } from '../core/model/value.ts';
import { groupOf, letterQueueTable } from '../store/tables/queries/letter-queue.ts';
import type { LetterRow, LetterSet } from '../store/tables/queries/letter-queue.ts';
import type { ApiContext, Handlers } from './context.ts';
import { editLetter } from './edit-letter.ts';
import { wire } from './wire.ts';

type Names = keyof typeof deadLetterCalls;
type Detail = z.input<(typeof deadLetterCalls)['deadLetters.get']['output']>;

/** Letters changed in one transaction. */
const batch = 200;

export function deadLetterHandlers({ workspace }: ApiContext): Pick<Handlers, Names> {
  const { db } = workspace;
  const queue = letterQueueTable(db);

  const known = (id: number): LetterRow => {
    const row = queue.find(id);
    if (row !== undefined && row.state !== 'settled') return row;
    throw new KantoError(
      'unknown-dead-letter',
      row === undefined
        ? `There is no dead letter ${id}.`
        : `The dead letter of ${row.label} is settled: it went through, or is not needed any more.`,
      'Look at the list of dead letters.',
      'ask-user',
    );
  };
  const setOf = (choice: LetterChoice): LetterSet => {
    if ('alike' in choice) return { like: known(choice.alike) };
    if ('ids' in choice) for (const id of choice.ids) known(id);
    return choice;
  };
  const letter = (row: LetterRow): Letter => ({
    id: row.id,
    sync: row.sync,
    syncTitle: workspace.configuration().body.syncs[row.sync]?.title ?? row.sync,
    endpoint: row.endpoint,
    label: row.label,
    kind: row.kind,
    state: row.state === 'settled' ? 'open' : row.state,
    attempts: row.attempts,
    since: row.firstAt,
    group: groupOf(row),
  });
  const change = async (ids: readonly number[], state: 'open' | 'retry' | 'discarded', reason: string | null): Promise<number> => {
    let changed = 0;
    for (let at = 0; at < ids.length; at += batch) {
      db.transaction(() => {
        for (const id of ids.slice(at, at + batch))
          if (queue.setState(id, state, reason, reason === null ? null : workspace.user)) changed += 1;
      })();
      await nextTurn();
    }
    workspace.changed();
    return changed;
  };

  return {
    'deadLetters.list'({ sync, text, state, offset, limit }) {
      const filter = { sync, text: text === '' ? undefined : text, isDiscarded: state === 'discarded' };
      const groups = queue.groups(filter);
      const counts = queue.counts().filter((row) => sync === undefined || row.sync === sync);
      const sum = (isDiscarded: boolean) =>
        counts.filter((row) => (row.state === 'discarded') === isDiscarded).reduce((all, row) => all + row.count, 0);
      return {
        total: groups.reduce((all, one) => all + one.count, 0),
        waiting: sum(false),
        discarded: sum(true),
        groups,
        items: queue.page(filter, offset, limit).map(letter),
      };
    },
    'deadLetters.get'({ id }) {
      const row = known(id);
      const { body } = workspace.configuration();
      const endpoint = body.syncs[row.sync]?.endpoints[row.endpoint];
      return {
        ...letter(row),
        key: JSON.parse(row.key) as string[],
        connector: body.connections[endpoint?.connection ?? '']?.connector ?? '',
        fields: fieldsOf(row),
        code: row.code,
        message: row.message,
        remedy: row.remedy,
        firstRun: row.firstRun,
        nextAt: row.nextAt,
        attemptList: queue.attempts(id),
        alike: queue.ids({ like: row }).length,
        ...(row.reason === null ? {} : { discarded: { reason: row.reason, by: row.by ?? '' } }),
      };
    },
    async 'deadLetters.retry'(choice) {
      const ids = queue.ids(setOf(choice));
      const syncs = [...new Set(ids.flatMap((id) => queue.find(id)?.sync ?? []))];
      return { count: await change(ids, 'retry', null), syncs };
    },
    async 'deadLetters.discard'({ which, reason }) {
      const ids = [...queue.ids(setOf(which))];
      return { count: await change(ids, 'discarded', reason), ids };
    },
    async 'deadLetters.reopen'({ ids }) {
      return { count: await change(ids, 'open', null) };
    },
    'deadLetters.edit'({ id, field, value }) {
      const row = known(id);
      editLetter(workspace, row, field, value);
      db.transaction(() => queue.setState(id, 'retry', null, null))();
      workspace.changed();
      return { sync: row.sync };
    },
  };

  /** What would be written, in the order of the record's fields. */
  function fieldsOf(row: LetterRow): Detail['fields'] {
    const sync = workspace.configuration().body.syncs[row.sync];
    const mapped = sync?.endpoints[row.endpoint]?.fields ?? {};
    const before = JSON.parse(row.before) as Values;
    const after = JSON.parse(row.after) as Values;
    const cells = JSON.parse(row.cells) as Record<string, string | null>;
    return Object.entries(after).map(([field, value]) => {
      const config = sync?.record.fields[field];
      const column = mapped[field]?.column ?? field;
      return {
        field,
        column,
        cell: cells[column] ?? null,
        after: wire(value),
        ...(Object.hasOwn(before, field) ? { before: wire(before[field] ?? null) } : {}),
        type: config === undefined ? '' : describeType(fieldType(config)),
        class: config?.class ?? 'internal',
        isAtFault: row.column === column,
      };
    });
  }
}
