// Expands the short forms of written configuration and fills in the defaults. Normalising twice changes nothing more.
import type {
  ConnectionConfig,
  EndpointConfig,
  FieldConfig,
  MappingConfig,
  PolicyConfig,
  SyncConfig,
  WorkspaceConfig,
  WrittenConnection,
  WrittenSync,
  WrittenWorkspace,
} from './schema.ts';

type WrittenEndpoint = WrittenSync['endpoints'][string];
type WrittenMapping = WrittenEndpoint['fields'][string];
type WrittenField = WrittenSync['record']['fields'][string];
type WrittenFormat = Exclude<WrittenMapping, string>['format'];

/** The object without its undefined values, so that JSON and equality see the same. */
function compact<T extends object>(object: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

export function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

export function normaliseField(written: WrittenField): FieldConfig {
  const kind = { ...written, class: written.class ?? ('internal' as const) };
  if (kind.type !== 'list') return compact(kind) as FieldConfig;
  const of = typeof kind.of === 'string' ? { type: kind.of } : kind.of;
  return compact({ ...kind, of: compact(of), ordered: kind.ordered ?? false }) as FieldConfig;
}

function format(written: WrittenFormat): Readonly<Record<string, string>> {
  if (written === undefined) return {};
  return typeof written === 'string' ? { pattern: written } : (compact(written) as Record<string, string>);
}

export function normaliseMapping(written: WrittenMapping): MappingConfig {
  const long = typeof written === 'string' ? { column: written } : written;
  return {
    column: long.column,
    direction: long.direction ?? 'both',
    blank: long.blank ?? 'propagate',
    format: format(long.format),
    values: mapValues(long.values ?? {}, String),
  };
}

export function normaliseEndpoint(written: WrittenEndpoint): EndpointConfig {
  const { modified, ...rest } = written;
  const long = typeof modified === 'string' ? { column: modified } : modified;
  return compact({
    ...rest,
    modified: long === undefined ? undefined : { column: long.column, format: format(long.format) },
    changes: written.changes ?? 'auto',
    allow: written.allow === undefined ? undefined : [...new Set(written.allow)],
    deletes: written.deletes ?? 'propagate',
    absentScans: written.absentScans ?? 1,
    fields: mapValues(written.fields, normaliseMapping),
  }) as EndpointConfig;
}

/** The last word is always manual. */
function policies(written: readonly PolicyConfig[]): readonly PolicyConfig[] {
  return written.at(-1) === 'manual' ? written : [...written, 'manual'];
}

/** A connection in its long form. */
export function normaliseConnection(written: WrittenConnection): ConnectionConfig {
  return {
    connector: written.connector,
    config: written.config ?? {},
    secrets: written.secrets ?? {},
    limits: compact(written.limits ?? {}) as ConnectionConfig['limits'],
  };
}

export function normaliseWorkspace(written: WrittenWorkspace): WorkspaceConfig {
  return { name: written.name, defaults: written.defaults ?? {} };
}

/** A sync in its long form; what its file leaves out comes from the workspace's defaults, then from the application's. */
export function normaliseSync(id: string, written: WrittenSync, defaults: WorkspaceConfig['defaults']): SyncConfig {
  const byField = written.policies ?? {};
  const first = written.first ?? defaults.first ?? ['fill', 'manual'];
  return {
    title: written.title ?? id,
    owner: written.owner ?? defaults.owner ?? '',
    record: { fields: mapValues(written.record.fields, normaliseField) },
    match: written.match ?? [],
    endpoints: mapValues(written.endpoints, normaliseEndpoint),
    first: first.at(-1) === 'manual' ? first : [...first, 'manual'],
    policies: mapValues({ ...byField, default: byField.default ?? defaults.policies ?? ['manual'] }, policies),
    presence: written.presence ?? defaults.presence ?? 'manual',
    authority: written.authority ?? {},
    limits: {
      deletes: written.limits?.deletes ?? defaults.limits?.deletes ?? { count: 10, share: 0.05 },
      updates: written.limits?.updates ?? defaults.limits?.updates ?? { count: 1000, share: 0.5 },
      emptied: written.limits?.emptied ?? defaults.limits?.emptied ?? { count: 10, share: 0.5 },
      changed: written.limits?.changed ?? defaults.limits?.changed ?? { count: 100, share: 0.9 },
      flips: written.limits?.flips ?? defaults.limits?.flips ?? 3,
      skew: written.limits?.skew ?? defaults.limits?.skew ?? '5s',
    },
    ...(written.schedule === undefined
      ? {}
      : {
          schedule: compact({
            ...written.schedule,
            windowFor: written.schedule.windowFor ?? 'full',
            after: written.schedule.after ?? [],
            watch: written.schedule.watch ?? false,
          }) as NonNullable<SyncConfig['schedule']>,
        }),
    sentinels: mapValues(written.sentinels ?? {}, (keys) => keys.map((key) => (typeof key === 'string' ? [key] : key))),
    tests: (written.tests ?? []).map((test) => compact(test) as SyncConfig['tests'][number]),
  };
}
