// Decides at once on screen and tells the engine behind it, in order; what the engine refuses comes back marked.
import { useMemo, useRef, useState } from 'react';
import type { CallInput } from '../../../preload/contract/index.ts';
import type { ConflictField, QueueItem } from '../../../preload/contract/conflicts.ts';
import type { WireValue } from '../../../preload/contract/values.ts';
import { ask, asProblem } from '../../api.ts';
import { sameValue } from '../../ui/value-text.ts';
import { decided, decisionKey, sourceOf, valueAt } from './decisions.ts';
import type { LocalDecision, LocalDecisions } from './decisions.ts';
import type { Detail } from './use-details.ts';

/** The name under which a decision about the whole record is kept. */
export const WHOLE = '';

export interface Step {
  readonly ids: readonly number[];
  readonly fields: readonly string[];
  /** What was decided before, by field: undoing brings it back. */
  readonly before?: Readonly<Record<string, LocalDecision>>;
}

export interface DeciderOptions {
  /** A decision was refused; the record must be looked at again. */
  readonly onRefused: (label: string, field: string, why: string) => void;
}

export interface Decider {
  readonly local: LocalDecisions;
  readonly isDecided: (item: QueueItem) => boolean;
  readonly isFieldDecided: (item: QueueItem, field: string) => boolean;
  readonly steps: number;
  readonly take: (detail: Detail, row: ConflictField, column: string) => boolean;
  /** Takes one side for every contested field that it holds; how many. */
  readonly takeSide: (detail: Detail, column: string) => number;
  /** Resolves to why the value was refused, or to nothing. */
  readonly type: (detail: Detail, row: ConflictField, value: WireValue) => Promise<string | undefined>;
  readonly presence: (detail: Detail, keep: boolean) => void;
  readonly match: (detail: Detail, together: CallInput<'conflicts.match'>['together']) => void;
  /** Resolves to how many were decided. */
  readonly alike: (detail: Detail, row: ConflictField, column: string) => Promise<number>;
  /** Takes back the last decision, or the given one; says where, or nothing when there is none. */
  readonly undo: (fallback?: Step) => Step | undefined;
}

/** The part of the question that says what is chosen. */
function chosen(decision: LocalDecision): { readonly take: string } | { readonly value: WireValue } {
  return decision.taken === undefined ? { value: decision.value } : { take: decision.taken };
}

export function useDecider(options: DeciderOptions): Decider {
  const [local, setLocal] = useState<LocalDecisions>(new Map());
  const state = useRef({ local, steps: [] as Step[], tail: Promise.resolve() as Promise<unknown>, options });
  state.current.options = options;

  const actions = useMemo(() => {
    const put = (entries: readonly (readonly [string, LocalDecision])[]): void => {
      const next = new Map(state.current.local);
      for (const [key, entry] of entries) next.set(key, entry);
      state.current.local = next;
      setLocal(next);
    };
    /** Questions go out one after the other, so that a decision and its undo never overtake each other. */
    const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
      const result = state.current.tail.then(work);
      state.current.tail = result.then(
        () => undefined,
        () => undefined,
      );
      return result;
    };
    const refused = (detail: Detail, field: string, error: unknown, was: LocalDecision, isTyped = false): string => {
      const problem = asProblem(error);
      const why = problem.code === 'moved' ? 'A side changed meanwhile: look again and decide.' : `${problem.message} ${problem.remedy}`;
      put([[decisionKey(detail.id, field), { ...was, state: problem.code === 'moved' ? 'moved' : 'refused', why }]]);
      state.current.steps = state.current.steps.filter(
        (step) => !(step.ids.length === 1 && step.ids[0] === detail.id && step.fields.includes(field)),
      );
      // A typed value is refused where it is typed.
      if (!isTyped || problem.code === 'moved') state.current.options.onRefused(detail.label, field, why);
      return why;
    };
    const send = async (detail: Detail, row: ConflictField, decision: LocalDecision): Promise<string | undefined> => {
      put([[decisionKey(detail.id, row.field), decision]]);
      try {
        await inOrder(() => ask('conflicts.decide', { id: detail.id, field: row.field, seen: detail.seen, ...chosen(decision) }));
        return undefined;
      } catch (error) {
        return refused(detail, row.field, error, decision, decision.taken === undefined);
      }
    };
    const taking = (detail: Detail, row: ConflictField, column: string): LocalDecision | undefined => {
      const value = valueAt(row, column);
      return row.state !== 'contested' || value === undefined
        ? undefined
        : { value, taken: sourceOf(row, column), state: 'decided', seen: detail.seen };
    };
    /** Takes a side for fields of one record, as one step that can be undone. */
    const takeFields = (detail: Detail, rows: readonly ConflictField[], column: string): number => {
      const taken = rows.flatMap((row) => {
        const decision = taking(detail, row, column);
        return decision === undefined ? [] : [{ row, decision }];
      });
      const was = before(detail, rows);
      // Taking again what is taken is no new decision, and nothing to undo.
      const fresh = taken.filter(
        ({ row, decision }) => was[row.field]?.taken !== decision.taken || !sameValue(was[row.field]?.value, decision.value),
      );
      if (fresh.length > 0) {
        state.current.steps.push({ ids: [detail.id], fields: fresh.map(({ row }) => row.field), before: was });
      }
      for (const { row, decision } of fresh) void send(detail, row, decision);
      return taken.length;
    };
    const before = (detail: Detail, rows: readonly ConflictField[]): Record<string, LocalDecision> =>
      Object.fromEntries(
        rows.flatMap((row) => {
          const was = decided(row, state.current.local.get(decisionKey(detail.id, row.field)), detail.seen);
          const taken = was?.taken === undefined ? {} : { taken: was.taken };
          return was === undefined ? [] : [[row.field, { value: was.value, ...taken, state: 'decided' as const, seen: detail.seen }]];
        }),
      );
    const type = async (detail: Detail, row: ConflictField, value: WireValue): Promise<string | undefined> => {
      const was = before(detail, [row]);
      const why = await send(detail, row, { value, state: 'decided', seen: detail.seen });
      if (why === undefined) state.current.steps.push({ ids: [detail.id], fields: [row.field], before: was });
      return why;
    };
    const whole = (detail: Detail, value: WireValue, work: () => Promise<unknown>): void => {
      const decision: LocalDecision = { value, state: 'decided', seen: detail.seen };
      put([[decisionKey(detail.id, WHOLE), decision]]);
      state.current.steps.push({ ids: [detail.id], fields: [WHOLE] });
      inOrder(work).catch((error: unknown) => refused(detail, WHOLE, error, decision));
    };
    const alike = async (detail: Detail, row: ConflictField, column: string): Promise<number> => {
      const decision = taking(detail, row, column);
      if (decision === undefined) return 0;
      const answer = await inOrder(() => ask('conflicts.alike', { id: detail.id, field: row.field, take: sourceOf(row, column) }));
      put(answer.ids.map((id) => [decisionKey(id, row.field), id === detail.id ? decision : { ...decision, seen: '' }] as const));
      state.current.steps.push({ ids: answer.ids, fields: [row.field] });
      return answer.decided;
    };
    const undo = (fallback?: Step): Step | undefined => {
      const step = state.current.steps.pop() ?? fallback;
      if (step === undefined) return undefined;
      const entries = step.ids.flatMap((id) =>
        step.fields.map((field) => {
          const was = state.current.local.get(decisionKey(id, field));
          return [
            decisionKey(id, field),
            step.before?.[field] ?? { value: was?.value ?? null, seen: was?.seen ?? '', state: 'undone' as const },
          ] as const;
        }),
      );
      put(entries);
      for (const field of step.fields) {
        const [id] = step.ids;
        const was = step.before?.[field];
        const restored = was === undefined || id === undefined ? undefined : { id, field, ...chosen(was) };
        const work = (): Promise<unknown> =>
          restored === undefined
            ? ask('conflicts.undo', { ids: [...step.ids], ...(field === WHOLE ? {} : { field }) })
            : ask('conflicts.decide', restored);
        inOrder(work).catch((error: unknown) => state.current.options.onRefused('The last decision', field, asProblem(error).message));
      }
      return step;
    };
    return {
      take: (detail: Detail, row: ConflictField, column: string) => takeFields(detail, [row], column) > 0,
      takeSide: (detail: Detail, column: string) => takeFields(detail, detail.rows, column),
      type,
      presence: (detail: Detail, keep: boolean) => whole(detail, keep, () => ask('conflicts.presence', { id: detail.id, keep })),
      match: (detail: Detail, together: CallInput<'conflicts.match'>['together']) =>
        whole(detail, together.length > 0, () => ask('conflicts.match', { id: detail.id, together })),
      alike,
      undo,
    };
  }, []);

  const isDecided = (item: QueueItem): boolean => {
    const keys = item.kind === 'fields' ? item.fields : [WHOLE];
    const states = keys.map((field) => local.get(decisionKey(item.id, field))?.state);
    if (states.some((entry) => entry === 'undone' || entry === 'moved' || entry === 'refused')) return false;
    return item.decided || (states.length > 0 && states.every((entry) => entry === 'decided'));
  };
  const isFieldDecided = (item: QueueItem, field: string): boolean => {
    const entry = local.get(decisionKey(item.id, field));
    return entry === undefined ? isDecided(item) : entry.state === 'decided';
  };
  return { ...actions, local, isDecided, isFieldDecided, steps: state.current.steps.length };
}
