// A record side by side: for every field what each endpoint holds, what is contested, what will be written, what agrees.
import type { ConflictField } from '../../preload/contract/conflicts.ts';
import { fieldType } from '../config/field-type.ts';
import { lensOf } from '../config/model.ts';
import type { EndpointConfig, FieldConfig, SyncConfig } from '../config/schema.ts';
import { describeType } from '../core/mapping/canonical.ts';
import type { Decision, FieldChoice } from '../core/model/record.ts';
import { equalValues } from '../core/model/value.ts';
import type { Value, Values } from '../core/model/value.ts';
import type { ConflictFieldRow } from '../store/tables/queries/conflict-queue.ts';
import type { HistoryRow, LinkView } from '../store/tables/queries/record-view.ts';
import { candidatesOf } from './conflict-view.ts';
import { decisionWords, reasonWords } from './words.ts';
import { stored, wire } from './wire.ts';

export interface RecordView {
  readonly sync: SyncConfig;
  readonly golden: Values;
  readonly links: readonly LinkView[];
  readonly contested: readonly ConflictFieldRow[];
  /** Newest first. */
  readonly history: readonly HistoryRow[];
  /** The run that raised the conflict: what it and later ones changed is shown as merged. */
  readonly since: number;
}

type Cell = ConflictField['cells'][string];

export function conflictRows(view: RecordView): ConflictField[] {
  return Object.entries(view.sync.record.fields).map(([name, field]) => {
    const type = describeType(fieldType(field));
    const contested = view.contested.find((row) => row.field === name);
    const common = { field: name, type, class: field.class };
    return { ...common, ...(contested === undefined ? settledRow(view, name, field) : contestedRow(view, name, field, contested)) };
  });
}

type Rest = Omit<ConflictField, 'field' | 'type' | 'class'>;

function contestedRow(view: RecordView, name: string, field: FieldConfig, row: ConflictFieldRow): Rest {
  const base = stored(row.base);
  const candidates = candidatesOf(row);
  const cells = cellsOf(view, name, field, base, (endpoint) => candidates[endpoint]);
  const choice = row.choice === null ? undefined : (JSON.parse(row.choice) as FieldChoice);
  return {
    state: 'contested',
    ...(base === undefined ? {} : { base: wire(base) }),
    cells,
    ...(choice === undefined
      ? {}
      : {
          decision: {
            value: wire(choice.value),
            ...(choice.taken === undefined ? {} : { taken: choice.taken }),
            by: choice.by,
            at: row.decidedAt ?? 0,
          },
        }),
    reason: reasonWords(row.reason, Object.keys(candidates)),
  };
}

function settledRow(view: RecordView, name: string, field: FieldConfig): Rest {
  const change = view.history.find(
    (entry) => entry.field === name && entry.kind === 'change' && entry.run >= view.since && entry.from !== null,
  );
  const golden = view.golden[name];
  const base = change === undefined ? golden : stored(change.from);
  const cells = cellsOf(view, name, field, base, () => undefined);
  const differs = Object.values(cells).some((cell) => cell.value !== undefined && !cell.same);
  const merged = change !== undefined || differs;
  return {
    state: merged ? 'merged' : 'agreed',
    ...(base === undefined ? {} : { base: wire(base) }),
    cells,
    ...(golden === undefined ? {} : { result: wire(golden) }),
    reason:
      change !== undefined
        ? decisionWords(JSON.parse(change.decision) as Decision)
        : differs
          ? 'will be written where it differs'
          : 'the same everywhere',
  };
}

function cellsOf(
  view: RecordView,
  name: string,
  field: FieldConfig,
  base: Value | undefined,
  candidateAt: (endpoint: string) => { readonly value: Value; readonly modified?: number } | undefined,
): ConflictField['cells'] {
  return Object.fromEntries(
    Object.entries(view.sync.endpoints).map(([endpoint, config]) => [
      endpoint,
      cellOf(view, name, field, base, endpoint, config, candidateAt(endpoint)),
    ]),
  );
}

function cellOf(
  view: RecordView,
  name: string,
  field: FieldConfig,
  base: Value | undefined,
  endpoint: string,
  config: EndpointConfig,
  candidate: { readonly value: Value; readonly modified?: number } | undefined,
): Cell {
  const mapping = Object.hasOwn(config.fields, name) ? config.fields[name] : undefined;
  if (mapping === undefined) return { mapped: false, same: true, evidence: 'not mapped here' };
  if (candidate !== undefined) {
    const evidence = candidate.modified !== undefined ? '' : config.modified === undefined ? 'has no times' : 'the row has no time';
    return {
      value: wire(candidate.value),
      mapped: true,
      same: base !== undefined && equalValues(candidate.value, base),
      ...(candidate.modified === undefined ? {} : { modified: candidate.modified }),
      evidence,
    };
  }
  const link = view.links.find((one) => one.endpoint === endpoint);
  if (link === undefined) return { mapped: true, same: true, evidence: 'no row here' };
  const golden = view.golden[name];
  const image = golden === undefined ? undefined : imageAt(field, mapping, golden);
  const value = link.shadow === null ? image : (JSON.parse(link.shadow) as Values)[name];
  if (value === undefined)
    return { mapped: true, same: true, evidence: mapping.direction === 'write' ? 'only written here' : 'not read yet' };
  // An endpoint that holds less than the record shows its image, which is no edit.
  const same = base === undefined ? golden === undefined : equalValues(value, base) || equalValues(value, imageAt(field, mapping, base));
  return { value: wire(value), mapped: true, same, evidence: link.status === 'live' ? '' : linkWords[link.status] };
}

const linkWords: Readonly<Record<Exclude<LinkView['status'], 'live'>, string>> = {
  absent: 'missing at the last read',
  outside: 'left the filter',
  ignored: 'kept although the record was deleted',
};

/** What the endpoint shows for a value, as far as the mapping alone tells: the longest text that a column takes is not asked for. */
function imageAt(field: FieldConfig, mapping: EndpointConfig['fields'][string], value: Value): Value {
  const image = lensOf(field, mapping, { tellsNullFromEmpty: true, textual: true, maxLengths: {} }).image(value);
  return image.ok ? image.value : value;
}
