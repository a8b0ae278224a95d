// Small models, states and observations for the reconciler's tests.
import type { Field } from '../../../main/core/model/field.ts';
import type { LinkState, Observation, Outcome, RecordState } from '../../../main/core/model/record.ts';
import type { EndpointModel, FieldLens, Read, SyncModel } from '../../../main/core/model/sync.ts';
import type { Value, Values } from '../../../main/core/model/value.ts';
import type { Native } from '../../../connectors/native.ts';

/** A lens that shows every value as `show` has it. A thrown text is a misfit. */
export function lensThrough(show: (value: Value) => Value, changes: Partial<FieldLens> = {}): FieldLens {
  const image = (value: Value): Read => {
    try {
      return { ok: true, value: show(value) };
    } catch (error) {
      return { ok: false, why: error instanceof Error ? error.message : String(error) };
    }
  };
  return {
    [Symbol.for('fast-check/toStringMethod')]: () => `${show.name || 'lens'} ${JSON.stringify(changes)}`,
    column: 'c',
    direction: 'both',
    blank: 'propagate',
    read: (native: Native) => ({ ok: true, value: native as Value }),
    write: (value: Value) => {
      const shown = image(value);
      return shown.ok ? { ok: true, native: shown.value as Native } : shown;
    },
    image,
    ...changes,
  };
}

const asIs = (value: Value): Value => value;
const cut = (value: Value): Value => (typeof value === 'string' ? value.slice(0, 3) : value);
const refuse = (value: Value): Value => {
  if (typeof value === 'string' && value.length > 3) throw new Error('longer than 3 characters');
  return value;
};

export const whole = (changes: Partial<FieldLens> = {}): FieldLens => lensThrough(asIs, changes);

/** A place of three characters. */
export const short = (changes: Partial<FieldLens> = {}): FieldLens => lensThrough(cut, changes);

/** A place that takes nothing longer than three characters. */
export const strict = (changes: Partial<FieldLens> = {}): FieldLens => lensThrough(refuse, changes);

export function field(name: string, changes: Partial<Field> = {}): Field {
  return { name, type: { kind: 'text', normal: [] }, class: 'internal', policies: [{ kind: 'manual' }], ...changes };
}

export function endpoint(name: string, lenses: Readonly<Record<string, FieldLens>>, changes: Partial<EndpointModel> = {}): EndpointModel {
  return { name, lenses, allow: ['create', 'update', 'delete'], deletes: 'propagate', absentScans: 1, ...changes };
}

export function model(fields: readonly Field[], endpoints: readonly EndpointModel[], changes: Partial<SyncModel> = {}): SyncModel {
  return {
    id: 'customers',
    fields,
    endpoints,
    match: [],
    first: [{ kind: 'manual' }],
    presence: 'manual',
    skewMs: 0,
    flips: 3,
    limits: {
      deletes: { count: 50, share: 0.1 },
      updates: { count: 1000, share: 0.5 },
      emptied: { count: 10, share: 0.5 },
      changed: { count: 100, share: 0.9 },
    },
    ...changes,
  };
}

/** Endpoints a, b, c ... that hold the fields whole. */
export function plainModel(fields: readonly Field[], names: readonly string[], changes: Partial<SyncModel> = {}): SyncModel {
  const lenses = Object.fromEntries(fields.map((one) => [one.name, whole()]));
  return model(
    fields,
    names.map((name) => endpoint(name, lenses)),
    changes,
  );
}

export function link(shadow: Values, changes: Partial<LinkState> = {}): LinkState {
  return { key: '["1"]', status: 'live', shadow, ...changes };
}

export function record(golden: Values, links: Readonly<Record<string, LinkState>>, changes: Partial<RecordState> = {}): RecordState {
  return { id: 'r', status: 'live', golden, holds: {}, links, ...changes };
}

/** A record that all endpoints show as agreed. */
export function agreed(golden: Values, names: readonly string[]): RecordState {
  return record(golden, Object.fromEntries(names.map((name) => [name, link(golden)])));
}

export function present(values: Values, modified?: number, misfits: Readonly<Record<string, { why: string }>> = {}): Observation {
  return { kind: 'present', key: '["1"]', values, misfits, ...(modified === undefined ? {} : { modified }) };
}

export const gone: Observation = { kind: 'absent', evidence: { scans: 1, confirmed: true } };

/** The state in which an outcome leaves the record, before any write. */
export function following(state: RecordState, outcome: Outcome): RecordState {
  const { status, golden, holds, links, presence } = outcome;
  return { id: state.id, status, golden, holds, links, ...(presence === undefined ? {} : { presence }) };
}

/** The outcome's writes as short lines: `update b name=x`. */
export function lines(outcome: Outcome): readonly string[] {
  return outcome.intents.map((intent) =>
    [intent.kind, intent.endpoint, ...Object.entries(intent.after).map(([name, value]) => `${name}=${String(value)}`)].join(' '),
  );
}

export function losses(outcome: Outcome): readonly string[] {
  return outcome.overwritten.map((one) => `${one.source} ${one.field}=${String(one.value)} ${one.by.kind}`);
}
