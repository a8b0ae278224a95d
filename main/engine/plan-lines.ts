// The lines of a plan: what will be written, what is asked, what is left alone and why.
import type { Hold, Intent, Outcome, PresenceHold, RecordState } from '../core/model/record.ts';
import { equalValues } from '../core/model/value.ts';
import type { Value, Values } from '../core/model/value.ts';
import type { NewItem, planItemTable } from '../store/tables/plan-items.ts';
import { digestOf } from './digest.ts';

/** Whose line it is. `origin` stands for the record in digests: for a new record its rows, because its number is only now made. */
export interface LineOf {
  readonly record: number;
  readonly label: string;
  readonly origin: unknown;
}

/** A planned delete, as it is listed when it is withheld. */
export interface WithheldDelete {
  readonly endpoint: string;
  readonly key: string;
  /** JSON of the values that would go. */
  readonly before: string;
}

export interface PlanLines {
  readonly operation: (line: LineOf, intent: Intent) => void;
  /** Only questions that are new or changed are lines; what waits from earlier runs waits silently. */
  readonly questions: (line: LineOf, state: RecordState, outcome: Outcome) => void;
  readonly skips: (line: LineOf, outcome: Outcome) => void;
  readonly withheld: (line: Omit<LineOf, 'origin'>, item: WithheldDelete, because: string) => void;
  readonly withheldCreate: (line: LineOf, intent: Intent, because: string) => void;
}

export function createPlanLines(items: ReturnType<typeof planItemTable>): PlanLines {
  const insert = ({ record, label }: Omit<LineOf, 'origin'>, rest: Omit<NewItem, 'record' | 'label' | 'wouldBe'>) =>
    items.insert({ record, label, wouldBe: null, ...rest });
  return {
    operation(line, { kind, endpoint, key = '[]', before, after, because }) {
      const old = JSON.stringify(before);
      const next = JSON.stringify(after);
      const digest = digestOf([kind, endpoint, key, old, next, line.origin]);
      insert(line, { kind, endpoint, key, before: old, after: next, because, digest, state: 'planned' });
    },
    questions(line, state, outcome) {
      const fresh = Object.entries(outcome.holds).filter(([field, hold]) => !sameHold(state.holds[field], hold));
      const asks = outcome.presence !== undefined && state.presence === undefined;
      if (fresh.length === 0 && !asks) return;
      const before: Record<string, Value> = {};
      const after: Record<string, Value> = {};
      for (const [field, hold] of fresh) {
        before[field] = hold.base ?? null;
        for (const [name, candidate] of Object.entries(hold.candidates)) after[`${field} @ ${name}`] = candidate.value;
      }
      const endpoint = asks ? (outcome.presence?.deletedAt[0] ?? '') : (Object.keys(fresh[0]?.[1].candidates ?? {})[0] ?? '');
      insert(line, {
        kind: 'conflict',
        endpoint,
        key: outcome.links[endpoint]?.key ?? '[]',
        before: JSON.stringify(before),
        after: JSON.stringify(after),
        because: asks ? askedWords(outcome.presence) : fresh.map(([field, hold]) => `${field}: ${reasonWords[hold.reason]}`).join('; '),
        digest: digestOf(['conflict', sorted(before), sorted(after), asks, line.origin]),
        state: 'planned',
      });
    },
    skips(line, outcome) {
      for (const { endpoint, field, why } of outcome.skipped) {
        const key = outcome.links[endpoint]?.key ?? '[]';
        const digest = digestOf(['skip', endpoint, key, field, why]);
        insert(line, {
          kind: 'skip',
          endpoint,
          key,
          before: '{}',
          after: JSON.stringify({ [field]: null }),
          because: why,
          digest,
          state: 'skipped',
        });
      }
    },
    withheldCreate({ record, label, origin }, { endpoint, after }, because) {
      items.insert({
        kind: 'withheld',
        wouldBe: 'create',
        record,
        label,
        endpoint,
        key: '[]',
        before: '{}',
        after: JSON.stringify(after),
        because,
        digest: digestOf(['withheld', 'create', endpoint, JSON.stringify(after), origin]),
        state: 'withheld',
      });
    },
    withheld({ record, label }, { endpoint, key, before }, because) {
      const digest = digestOf(['withheld', endpoint, key, record]);
      items.insert({
        kind: 'withheld',
        wouldBe: 'delete',
        record,
        label,
        endpoint,
        key,
        before,
        after: '{}',
        because,
        digest,
        state: 'withheld',
      });
    },
  };
}

const reasonWords: Readonly<Record<Hold['reason'], string>> = {
  manual: 'changed in several places',
  blank: 'emptied, and a person is asked before a value goes',
  authority: 'changed where it may not be changed',
  'first-sync': 'differs where the rows first met',
  refused: 'was refused by a place',
  undone: 'was undone, and the places differ',
  oscillating: 'flips between the same values',
};

function askedWords(presence: PresenceHold | undefined): string {
  const places = presence?.deletedAt.join(', ') ?? '';
  return presence?.reason === 'undone' ? `undone, no longer in ${places}` : `deleted in ${places}, changed elsewhere`;
}

function sameHold(before: Hold | undefined, now: Hold): boolean {
  if (!before) return false;
  const names = Object.keys(now.candidates);
  return (
    names.length === Object.keys(before.candidates).length &&
    names.every((name) => equalValues(before.candidates[name]?.value, now.candidates[name]?.value))
  );
}

function sorted(values: Values): [string, Value][] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
}
