// The written form of the three kinds of configuration files, as zod schemas, and the normalised form that everybody else works with.
import { z } from 'zod';
import type { DeletePolicy } from '../core/model/sync.ts';
import type { FieldClass, MergeKind, NormalStep } from '../core/model/field.ts';
import type { WriteKind } from '../../connectors/native.ts';
import { endpointSchema, fieldSchema, firstSchema, limitSchema, nameSchema, policySchema, scheduleSchema } from './schema-parts.ts';

const limitsSchema = z.strictObject({
  deletes: limitSchema.optional().meta({ description: 'More than count and at least share of the rows: deletes are withheld.' }),
  updates: limitSchema.optional().meta({ description: 'More than count and at least share of the rows: updates are withheld.' }),
  emptied: limitSchema.optional().meta({ description: 'So many cells of a field suddenly empty: the field pauses there and asks.' }),
  changed: limitSchema.optional().meta({ description: 'So many cells of a field changed at once: the field pauses there and asks.' }),
  flips: z
    .number()
    .int()
    .min(1)
    .optional()
    .meta({ description: 'How often in a row a field may return to the value it had just left before a person is asked.' }),
  skew: z
    .string()
    .regex(/^\d+(\.\d+)?(ms|s|m|h)$/, 'write a duration such as 500ms, 5s, 2m or 1h')
    .optional()
    .meta({ description: 'Times closer than this are undecided for "newest": 500ms, 5s, 2m, 1h.' }),
});

const presenceSchema = z
  .enum(['manual', 'update', 'delete'])
  .meta({ description: 'Who wins when a record was deleted here and changed there.' });

export const workspaceSchema = z
  .strictObject({
    name: z.string().min(1).meta({ description: 'What people call this configuration.' }),
    defaults: z
      .strictObject({
        owner: z.string().optional(),
        first: z.array(firstSchema).optional(),
        presence: presenceSchema.optional(),
        policies: z.array(policySchema).optional().meta({ description: 'Stands for `policies.default` of a sync without one.' }),
        limits: limitsSchema.optional(),
      })
      .optional()
      .meta({ description: 'What a sync takes where its own file says nothing.' }),
  })
  .meta({ title: 'KantoSynchro workspace (kanto.yaml)' });

export const connectionSchema = z
  .strictObject({
    connector: z.string().min(1).meta({ description: 'An id from the registry of connectors.' }),
    config: z.record(z.string(), z.unknown()).optional().meta({ description: 'What the connector asks for; paths start at this folder.' }),
    secrets: z.record(z.string(), z.string()).optional().meta({ description: 'Names in the vault, never values.' }),
    limits: z
      .strictObject({
        batch: z.number().int().min(1).optional().meta({ description: 'Operations in one write request at most.' }),
        requestsPerSecond: z
          .number()
          .positive()
          .optional()
          .meta({ description: 'Requests of all syncs of this connection together; 0.5 is one in two seconds.' }),
        parallel: z
          .number()
          .int()
          .min(1)
          .optional()
          .meta({ description: 'Requests under way at a time at most. Default: what the connector can.' }),
      })
      .optional(),
  })
  .meta({ title: 'KantoSynchro connection (connections/*.yaml)' });

const nativeSchema = z.union([z.null(), z.string(), z.number(), z.boolean()], { error: 'write a text, a number, true, false or null' });
const canonicalSchema = z.union([z.null(), z.string(), z.boolean(), z.array(z.union([z.string(), z.boolean()]))], {
  error: 'write canonical values: numbers and dates as text in quotes, lists of text, true, false or null',
});

const exampleSchema = z
  .strictObject({
    at: nameSchema.meta({ description: 'The endpoint.' }),
    read: z.record(z.string(), nativeSchema).meta({ description: 'Native values by column.' }),
    record: z.record(z.string(), canonicalSchema).meta({ description: 'The canonical values that reading must give.' }),
    write: z.record(z.string(), nativeSchema).optional().meta({ description: 'What writing the record must give, by column.' }),
  })
  .meta({ description: 'An example of the mapping; `kanto check` runs it.' });

export const syncSchema = z
  .strictObject({
    title: z.string().optional(),
    owner: z.string().optional(),
    record: z.strictObject({ fields: z.record(nameSchema, fieldSchema) }),
    match: z.array(z.string()).optional().meta({ description: 'Fields by which rows that are not linked yet find each other.' }),
    endpoints: z.record(nameSchema, endpointSchema),
    first: z.array(firstSchema).optional().meta({ description: 'Rows that meet for the first time; tried in order.' }),
    policies: z
      .record(z.string(), z.array(policySchema))
      .optional()
      .meta({ description: 'By field, or `default`; tried in order. The last word is always manual.' }),
    presence: presenceSchema.optional(),
    authority: z
      .record(
        z.string(),
        z.strictObject({ only: z.array(z.string()).min(1, 'name at least one endpoint'), otherwise: z.enum(['revert', 'report']) }),
      )
      .optional()
      .meta({ description: 'By field: only these endpoints may change it.' }),
    limits: limitsSchema.optional(),
    schedule: scheduleSchema.optional(),
    sentinels: z
      .record(
        z.string(),
        z.array(
          z.union([z.string(), z.array(z.string()).min(1)], {
            error: 'write a key as text in quotes, or as a list of texts where it has several columns',
          }),
        ),
      )
      .optional()
      .meta({ description: 'By endpoint: keys that must always be there; a read without them counts as incomplete.' }),
    tests: z.array(exampleSchema).optional(),
  })
  .meta({ title: 'KantoSynchro sync (syncs/*.yaml)' });

export type WrittenWorkspace = z.infer<typeof workspaceSchema>;
export type WrittenConnection = z.infer<typeof connectionSchema>;
export type WrittenSync = z.infer<typeof syncSchema>;

/** A field's type as the files write it, expanded. `list` says the type of its items in `of`. */
export interface FieldConfig {
  readonly type: 'text' | 'integer' | 'decimal' | 'boolean' | 'date' | 'time' | 'datetime' | 'instant' | 'enum' | 'json' | 'bytes' | 'list';
  readonly normal?: readonly NormalStep[];
  readonly scale?: number;
  readonly values?: readonly string[];
  readonly of?: Omit<FieldConfig, 'class' | 'of' | 'ordered'>;
  readonly ordered?: boolean;
  readonly class: FieldClass;
}

export interface MappingConfig {
  readonly column: string;
  readonly direction: 'both' | 'read' | 'write';
  readonly blank: 'propagate' | 'ignore' | 'ask';
  readonly format: Readonly<Record<string, string>>;
  /** Native to canonical; empty: none. */
  readonly values: Readonly<Record<string, string>>;
}

export interface EndpointConfig {
  readonly connection: string;
  readonly dataset: string;
  readonly key: readonly string[];
  readonly newKey?: 'next' | 'uuid';
  readonly modified?: { readonly column: string; readonly format: Readonly<Record<string, string>> };
  readonly changes: 'auto' | 'snapshot' | 'cursor' | 'log';
  readonly where?: string;
  /** Absent: all that the connection can. */
  readonly allow?: readonly WriteKind[];
  readonly deletes: DeletePolicy;
  readonly archive?: { readonly field: string; readonly value: string | boolean };
  readonly absentScans: number;
  readonly fields: Readonly<Record<string, MappingConfig>>;
}

export type FirstConfig = 'fill' | 'newest' | 'manual' | { readonly priority: readonly string[] };
export type PolicyConfig = 'newest' | 'manual' | 'merge' | { readonly priority: readonly string[] } | { readonly merge: MergeKind };
export interface LimitConfig {
  readonly count: number;
  readonly share: number;
}
export type NativeCell = null | string | number | boolean;
export type CanonicalCell = null | string | boolean | readonly (string | boolean)[];

export interface ExampleConfig {
  readonly at: string;
  readonly read: Readonly<Record<string, NativeCell>>;
  readonly record: Readonly<Record<string, CanonicalCell>>;
  readonly write?: Readonly<Record<string, NativeCell>>;
}

/** Exactly one of `every` and `cron`, or neither where only triggers start it. */
export interface ScheduleConfig {
  readonly every?: string;
  readonly cron?: string;
  readonly full?: string;
  readonly verify?: string;
  readonly zone?: string;
  readonly jitter?: string;
  readonly within?: string;
  readonly windowFor: 'full' | 'all';
  readonly after: readonly string[];
  readonly watch: boolean;
}

/** A sync with every short form expanded and every default filled in. Plain JSON, and itself valid as a file. */
export interface SyncConfig {
  readonly title: string;
  readonly owner: string;
  readonly record: { readonly fields: Readonly<Record<string, FieldConfig>> };
  readonly match: readonly string[];
  readonly endpoints: Readonly<Record<string, EndpointConfig>>;
  readonly first: readonly FirstConfig[];
  /** Always has `default`. */
  readonly policies: Readonly<Record<string, readonly PolicyConfig[]>>;
  readonly presence: 'manual' | 'update' | 'delete';
  readonly authority: Readonly<Record<string, { readonly only: readonly string[]; readonly otherwise: 'revert' | 'report' }>>;
  readonly limits: {
    readonly deletes: LimitConfig;
    readonly updates: LimitConfig;
    readonly emptied: LimitConfig;
    readonly changed: LimitConfig;
    readonly skew: string;
    readonly flips: number;
  };
  readonly schedule?: ScheduleConfig;
  /** By endpoint; each key as the list of its parts. */
  readonly sentinels: Readonly<Record<string, readonly (readonly string[])[]>>;
  readonly tests: readonly ExampleConfig[];
}

export interface ConnectionConfig {
  readonly connector: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly limits: { readonly batch?: number; readonly requestsPerSecond?: number; readonly parallel?: number };
}

export interface WorkspaceConfig {
  readonly name: string;
  readonly defaults: NonNullable<WrittenWorkspace['defaults']>;
}

/** A whole folder, read and checked. Plain JSON. */
export interface Configuration {
  /** Where the files are; relative paths of connections start here. */
  readonly folder: string;
  readonly name: string;
  readonly connections: Readonly<Record<string, ConnectionConfig>>;
  readonly syncs: Readonly<Record<string, SyncConfig>>;
}
