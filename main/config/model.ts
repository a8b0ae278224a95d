// Makes the core's sync out of a configured one, and the hashes that tell when a stored base is no longer one.
import { hash } from 'node:crypto';
import type { WriteKind } from '../../connectors/native.ts';
import type { Field, FirstPolicy, Policy } from '../core/model/field.ts';
import type { EndpointModel, FieldLens, SyncModel } from '../core/model/sync.ts';
import { makeLens } from '../core/mapping/lens.ts';
import { durationMs, fieldType, naturalMerge } from './field-type.ts';
import type { EndpointConfig, FieldConfig, FirstConfig, MappingConfig, PolicyConfig, SyncConfig } from './schema.ts';

/** What must be known of a place before its lenses can be made. */
export interface EndpointFacts {
  readonly tellsNullFromEmpty: boolean;
  /** The place holds nothing but text. */
  readonly textual: boolean;
  /** By column: the longest text it takes, in characters. */
  readonly maxLengths: Readonly<Record<string, number>>;
  readonly canWrite: readonly WriteKind[];
  /** Fields whose column is not there. */
  readonly paused?: ReadonlySet<string>;
}

/** Grows when the same configuration begins to read values in another way; stored bases are then no bases any more. */
const readingVersion = 1;

/** The rules for a field, with plain `merge` made definite; a merge that the field's type has not is left out of `default`. */
function policiesOf(sync: SyncConfig, name: string, type: FieldConfig['type']): readonly Policy[] {
  const list: readonly PolicyConfig[] = (Object.hasOwn(sync.policies, name) ? sync.policies[name] : sync.policies.default) ?? ['manual'];
  return list.flatMap((policy): readonly Policy[] => {
    if (policy === 'manual' || policy === 'newest') return [{ kind: policy }];
    if (policy === 'merge') {
      const how = naturalMerge(type);
      return how === undefined ? [] : [{ kind: 'merge', how }];
    }
    if ('priority' in policy) return [{ kind: 'priority', order: policy.priority }];
    return [{ kind: 'merge', how: policy.merge }];
  });
}

function firstPolicy(policy: FirstConfig): FirstPolicy {
  return typeof policy === 'string' ? { kind: policy } : { kind: 'priority', order: policy.priority };
}

function field(sync: SyncConfig, name: string, config: FieldConfig): Field {
  const authority = Object.hasOwn(sync.authority, name) ? sync.authority[name] : undefined;
  return {
    name,
    type: fieldType(config),
    class: config.class,
    policies: policiesOf(sync, name, config.type),
    ...(authority === undefined ? {} : { authority }),
  };
}

/** The lens of one mapping. `facts` may be those of no place yet (examples of a mapping): see `textFacts`. */
export function lensOf(config: FieldConfig, mapping: MappingConfig, facts: Omit<EndpointFacts, 'canWrite'>): FieldLens {
  const maxLength = Object.hasOwn(facts.maxLengths, mapping.column) ? facts.maxLengths[mapping.column] : undefined;
  return makeLens({
    type: fieldType(config),
    column: mapping.column,
    direction: mapping.direction,
    blank: mapping.blank,
    format: mapping.format,
    ...(Object.keys(mapping.values).length === 0 ? {} : { values: mapping.values }),
    tellsNullFromEmpty: facts.tellsNullFromEmpty,
    textual: facts.textual,
    ...(maxLength === undefined ? {} : { maxLength }),
  });
}

function endpointModel(sync: SyncConfig, name: string, endpoint: EndpointConfig, facts: EndpointFacts): EndpointModel {
  const lenses: Record<string, FieldLens> = {};
  for (const [fieldName, mapping] of Object.entries(endpoint.fields)) {
    const config = sync.record.fields[fieldName];
    if (config === undefined) continue;
    const lens = lensOf(config, mapping, facts);
    lenses[fieldName] = facts.paused?.has(fieldName) === true ? { ...lens, direction: 'paused' } : lens;
  }
  const writable = facts.canWrite;
  return {
    name,
    lenses,
    allow: endpoint.allow === undefined ? writable : endpoint.allow.filter((kind) => writable.includes(kind)),
    deletes: endpoint.deletes,
    ...(endpoint.archive === undefined ? {} : { archive: endpoint.archive }),
    absentScans: endpoint.absentScans,
  };
}

/** A lens for the column that says when a row was last changed; reads instants. */
export function modifiedLens(modified: NonNullable<EndpointConfig['modified']>, facts: Omit<EndpointFacts, 'canWrite'>): FieldLens {
  return lensOf(
    { type: 'instant', class: 'internal' },
    { column: modified.column, direction: 'read', blank: 'propagate', format: modified.format, values: {} },
    facts,
  );
}

/** The sync as the core sees it. Needs the facts of every endpoint. */
export function toModel(id: string, sync: SyncConfig, facts: Readonly<Record<string, EndpointFacts>>): SyncModel {
  return {
    id,
    fields: Object.entries(sync.record.fields).map(([name, config]) => field(sync, name, config)),
    endpoints: Object.entries(sync.endpoints).map(([name, endpoint]) => {
      const known = facts[name];
      if (known === undefined) throw new RangeError(`Nothing is known of the endpoint ${name} of ${id}.`);
      return endpointModel(sync, name, endpoint, known);
    }),
    match: sync.match,
    first: sync.first.map(firstPolicy),
    presence: sync.presence,
    skewMs: durationMs(sync.limits.skew),
    flips: sync.limits.flips,
    limits: {
      deletes: sync.limits.deletes,
      updates: sync.limits.updates,
      emptied: sync.limits.emptied,
      changed: sync.limits.changed,
    },
  };
}

/** JSON with sorted keys, so that the order in a file changes no hash. */
function stable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stable).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
    return `{${entries
      .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, inner]) => `${JSON.stringify(key)}:${stable(inner)}`)
      .join(',')}}`;
  }
  return JSON.stringify(value);
}

function digest(value: unknown): string {
  return hash('sha256', stable(value));
}

export interface MappingHashes {
  /** Changes when native keys mean other rows: another place, other key columns. */
  readonly key: string;
  /** Changes when other rows belong to the sync. */
  readonly filter: string;
  /** By field: changes when the same cell would read as another value. */
  readonly fields: Readonly<Record<string, string>>;
}

/** What a stored base of an endpoint rests on. Where a hash differs from the stored one, that base counts as empty. */
export function mappingHashes(sync: SyncConfig, endpoint: string): MappingHashes {
  const config = sync.endpoints[endpoint];
  if (config === undefined) throw new RangeError(`There is no endpoint ${endpoint}.`);
  const fields: Record<string, string> = {};
  for (const [name, mapping] of Object.entries(config.fields)) {
    const field = sync.record.fields[name];
    if (field !== undefined) fields[name] = digest([readingVersion, fieldType(field), mapping.column, mapping.format, mapping.values]);
  }
  return { key: digest([config.connection, config.dataset, config.key]), filter: digest(config.where ?? null), fields };
}
