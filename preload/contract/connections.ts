// Connections: which there are, whether they work, what is inside, and the forms that make them. Answered by the engine.
import { z } from 'zod';
import { call } from './define.ts';
import { problemSchema } from './errors.ts';
import { connectionHealthSchema } from './values.ts';

const connectionTestSchema = z.object({
  ok: z.boolean(),
  message: z.string(),
  details: z.array(z.string()),
  /** Each thing that was looked at, where the system is more than a file. */
  checks: z.array(z.object({ name: z.string(), isOk: z.boolean(), says: z.string() })),
  datasets: z.array(z.object({ name: z.string(), kind: z.string(), columns: z.number(), rows: z.number().optional() })),
  problem: problemSchema.optional(),
  tookMs: z.number(),
});

/** One thing that a connector asks for. `pairs` are names with a text each; `other` is what has no field of its own: it is written as JSON. */
export const formFieldSchema = z.object({
  name: z.string(),
  kind: z.enum(['text', 'number', 'boolean', 'choice', 'file', 'pairs', 'other']),
  /** For people, a sentence. */
  about: z.string(),
  isRequired: z.boolean(),
  /** What counts when it is left out, as text. */
  fallback: z.string().optional(),
  choices: z.array(z.string()),
  /** Texts that are offered; others may be written. */
  examples: z.array(z.string()),
});
export type FormField = z.infer<typeof formFieldSchema>;

/** A connection that is not saved yet. Secrets are those that a person typed, by the connector's name for them. */
const draftSchema = z.object({
  connector: z.string(),
  config: z.record(z.string(), z.unknown()),
  secrets: z.record(z.string(), z.string()),
  /** The connection that it changes: what nobody typed anew is taken from it. */
  of: z.string().optional(),
});

const issueSchema = z.object({
  /** Empty where the whole is meant. */
  field: z.string(),
  message: z.string(),
});

export const connectionCalls = {
  'connections.list': call(
    z.object({}),
    z.array(
      z.object({
        id: z.string(),
        connector: z.string(),
        title: z.string(),
        /** Where it points, without secrets: a path, a host. */
        target: z.string(),
        /** Absent until something was asked of it. */
        health: connectionHealthSchema.optional(),
        /** What it can do, in words. */
        abilities: z.array(z.string()),
        /** A person can sign in to it in a browser. */
        signsIn: z.boolean(),
        usedBy: z.array(z.object({ sync: z.string(), endpoint: z.string() })),
      }),
    ),
  ),
  /** Opens the connection, lists its datasets and says what was detected. */
  'connections.test': call(z.object({ id: z.string() }), connectionTestSchema),
  /** Everything in it that can be a dataset of a sync. */
  'connections.datasets': call(z.object({ id: z.string() }), z.array(z.object({ name: z.string(), kind: z.string() }))),
  /** One of these, with its first rows. Nothing is written. */
  'connections.look': call(
    z.object({ id: z.string(), dataset: z.string() }),
    z.object({
      columns: z.array(
        z.object({
          name: z.string(),
          /** The system's own word. */
          type: z.string(),
          nullable: z.boolean(),
          /** Part of the system's own key. */
          isKey: z.boolean(),
          /** The system sets it, and it cannot be written. */
          isGenerated: z.boolean(),
        }),
      ),
      /** Absent where it would have to be counted. */
      count: z.number().optional(),
      /** What was detected and what a write sets off besides, in sentences and words. */
      notes: z.array(z.string()),
      /** Cells in the order of the columns, as the system shows them. */
      rows: z.array(z.array(z.string().nullable())),
      /** Rows among the first that cannot be read, and why. */
      problems: z.array(z.string()),
    }),
  ),
  /** Begins to sign in; one that waits already is given up. The address is for the person's browser. */
  'connections.signIn': call(z.object({ id: z.string() }), z.object({ address: z.string() })),
  /** Answers when the person has signed in, and the workspace keeps what came of it. */
  'connections.signedIn': call(z.object({ id: z.string() }), z.object({})),
  'connections.stopSignIn': call(z.object({ id: z.string() }), z.object({})),
  /** What can be connected, and what each asks for. */
  'connectors.list': call(
    z.object({}),
    z.object({
      /** Where relative paths begin. */
      folder: z.string(),
      connectors: z.array(
        z.object({
          id: z.string(),
          title: z.string(),
          /** What it leads to, a sentence. */
          about: z.string(),
          fields: z.array(formFieldSchema),
          secrets: z.array(z.string()),
        }),
      ),
    }),
  ),
  /** A connection as its form shows it; no secret is among it. */
  'connections.get': call(
    z.object({ id: z.string() }),
    z.object({
      connector: z.string(),
      config: z.record(z.string(), z.unknown()),
      /** Those that are kept already. */
      secrets: z.array(z.string()),
    }),
  ),
  /** What is wrong with a draft, without asking the system. */
  'connections.check': call(draftSchema, z.array(issueSchema)),
  /** The test of a draft, which is saved nowhere. */
  'connections.try': call(draftSchema, connectionTestSchema),
  /** Makes a draft part of the next revision and keeps its secrets in the vault. */
  'connections.save': call(draftSchema.extend({ id: z.string() }), z.object({ revision: z.number() })),
  /** Leaves it out of the next revision; refused while a sync uses it. Its secrets stay in the vault, so that `before` can be restored. */
  'connections.remove': call(z.object({ id: z.string() }), z.object({ revision: z.number(), before: z.number() })),
} as const;
