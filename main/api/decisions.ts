// Decisions of people on open questions. They are stored with what the person saw; the next run uses them.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fieldType } from '../config/field-type.ts';
import { parseCanonical } from '../core/mapping/canonical.ts';
import { KantoError } from '../core/model/error.ts';
import type { FieldChoice } from '../core/model/record.ts';
import type { Value, Values } from '../core/model/value.ts';
import { conflictQueueTable } from '../store/tables/queries/conflict-queue.ts';
import type { ConflictFieldRow, ConflictRow } from '../store/tables/queries/conflict-queue.ts';
import { decisionTable } from '../store/tables/queries/decisions.ts';
import { recordViewTable } from '../store/tables/queries/record-view.ts';
import { candidatesOf, matchOf, presenceOf, seenOf } from './conflict-view.ts';
import type { ApiContext, Handlers } from './context.ts';
import { knownConflict, openConflict } from './known-conflict.ts';
import { judge } from './match-verdicts.ts';
import { syncOf } from './sync-view.ts';
import { stored } from './wire.ts';

type DecisionHandlers = Pick<
  Handlers,
  'conflicts.decide' | 'conflicts.presence' | 'conflicts.match' | 'conflicts.alike' | 'conflicts.undo'
>;

/** Conflicts decided in one transaction of a decision on all alike, or taken back in one. */
const batch = 200;

export function decisionHandlers({ workspace }: ApiContext): DecisionHandlers {
  const { db } = workspace;
  const queue = conflictQueueTable(db);
  const decisions = decisionTable(db);
  const records = recordViewTable(db);

  const openField = (row: ConflictRow, name: string): ConflictFieldRow => {
    const field = queue.fields(row.id).find((one) => one.field === name);
    if (field !== undefined) return field;
    throw new KantoError('not-now', `${name} of ${row.label} is not contested any more.`, 'Look at the record again.', 'ask-user');
  };
  const choice = (field: Pick<ConflictFieldRow, 'candidates'>, value: Value, taken: string | undefined): FieldChoice => {
    const seen: Values = Object.fromEntries(Object.entries(candidatesOf(field)).map(([name, one]) => [name, one.value]));
    return { value, by: workspace.user, seen, ...(taken === undefined ? {} : { taken }) };
  };

  return {
    'conflicts.decide'({ id, field: name, seen, take, value }) {
      const row = openConflict(queue, id, 'fields');
      const field = openField(row, name);
      if (seen !== undefined && seen !== seenOf(row, queue.fields(id))) throw moved(row);
      if ((take === undefined) === (value === undefined)) {
        throw new KantoError(
          'invalid-input',
          'A decision takes a side or gives a value: one of them.',
          'Choose a side, or enter a value.',
          'ask-user',
        );
      }
      const chosen = take === undefined ? ownValue(row, name, value) : takenValue(row, field, take);
      const decided = db.transaction(() => decisions.choose(id, name, choice(field, chosen, take), workspace.now()))();
      workspace.changed();
      return { decided };
    },
    'conflicts.presence'({ id, keep }) {
      const row = openConflict(queue, id, 'presence');
      db.transaction(() => decisions.choosePresence(id, presenceOf(row), { keep, by: workspace.user }, workspace.now()))();
      workspace.changed();
      return {};
    },
    'conflicts.match'({ id, together }) {
      const row = openConflict(queue, id, 'match');
      const verdicts = judge(row, together, records, workspace.uuid);
      const { sync } = row;
      db.transaction(() =>
        decisions.judge(
          id,
          verdicts.map((one) => ({ ...one, sync, by: workspace.user })),
          workspace.now(),
        ),
      )();
      workspace.changed();
      return {};
    },
    async 'conflicts.alike'({ id, field: name, take }) {
      const row = openConflict(queue, id, 'fields');
      openField(row, name);
      const ids: number[] = [];
      for (let after = { since: 0, id: 0 }; ; await nextTurn()) {
        const page = queue.alike(name, row.grp, row.sync, after, batch);
        db.transaction(() => {
          for (const one of page) {
            const value = take === 'base' ? stored(one.base) : candidatesOf(one)[take]?.value;
            if (value === undefined) continue;
            decisions.choose(one.id, name, choice(one, value, take), workspace.now());
            ids.push(one.id);
          }
        })();
        const last = page.at(-1);
        if (last === undefined || page.length < batch) break;
        after = last;
      }
      if (ids.length === 0) throw nothingToTake(row, name, take);
      workspace.changed();
      return { decided: ids.length, ids };
    },
    async 'conflicts.undo'({ ids, field }) {
      let undone = 0;
      for (let at = 0; at < ids.length; at += batch) {
        db.transaction(() => {
          for (const id of ids.slice(at, at + batch)) undone += undo(knownConflict(queue, id), field);
        })();
        await nextTurn();
      }
      workspace.changed();
      return { undone };
    },
  };

  /** A decision that a run has used stays. */
  function undo(row: ConflictRow, field: string | undefined): number {
    if (row.state === 'closed') return 0;
    switch (row.kind) {
      case 'fields':
        return decisions.unchoose(row.id, field);
      case 'presence': {
        const hold = presenceOf(row);
        if (hold.choice === undefined) return 0;
        decisions.choosePresence(row.id, hold, undefined, workspace.now());
        return 1;
      }
      case 'match':
        if (row.state !== 'decided') return 0;
        decisions.unjudge(row.id, row.sync, matchOf(row).rows);
        return 1;
    }
  }

  function takenValue(row: ConflictRow, field: ConflictFieldRow, take: string): Value {
    if (take === 'base') {
      const base = stored(field.base);
      if (base === undefined) throw nothingToTake(row, field.field, take);
      return base;
    }
    const candidate = candidatesOf(field)[take];
    if (candidate !== undefined) return candidate.value;
    // An endpoint that takes no part in the conflict still holds what was agreed.
    const link = row.record === null ? undefined : records.links(row.record).find((one) => one.endpoint === take);
    const mapped = Object.hasOwn(syncOf(workspace, row.sync).endpoints[take]?.fields ?? {}, field.field);
    const shadow =
      link === undefined || !mapped
        ? undefined
        : link.shadow === null
          ? stored(field.base)
          : (JSON.parse(link.shadow) as Values)[field.field];
    if (shadow === undefined) throw nothingToTake(row, field.field, take);
    return shadow;
  }

  function ownValue(row: ConflictRow, name: string, input: unknown): Value {
    const config = syncOf(workspace, row.sync).record.fields[name];
    if (config === undefined)
      throw new KantoError('invalid-input', `The record has no field ${name} any more.`, 'Look at the record again.', 'ask-user');
    const read = parseCanonical(fieldType(config), input);
    if (read.ok) return read.value;
    throw new KantoError('invalid-input', `${name}: ${read.why}`, 'Enter the value in the form that the field has.', 'ask-user');
  }
}

function moved(row: ConflictRow): KantoError {
  return new KantoError('moved', `${row.label} changed since it was shown.`, 'Look at the values again and decide once more.', 'ask-user');
}

function nothingToTake(row: ConflictRow, field: string, take: string): KantoError {
  const what = take === 'base' ? 'was never agreed on' : `has no value in ${take}`;
  return new KantoError('invalid-input', `${field} of ${row.label} ${what}.`, 'Take another side, or enter a value.', 'ask-user');
}
