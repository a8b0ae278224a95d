// What a REST API must tell about itself so that the connector can read and write it: one declaration, as data.
import { z } from 'zod';

/** `/data/0/id`; empty: the whole document (RFC 6901). */
const pointerSchema = z.string().regex(/^(\/.*)?$/, 'write a JSON pointer such as /data/items, or nothing for the whole answer');
/** `{dataset}`, `{key}` and the names under `variables` stand for their values. */
const templateSchema = z.string().min(1);
const querySchema = z.record(z.string(), z.string());
/** Where to look in an entry of a list, and the regular expression that its text must fit. What is not there is an empty text. */
const conditionsSchema = z.record(pointerSchema, z.string());
const kindSchema = z.enum(['number', 'string', 'boolean', 'object']);

const authSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('basic') }).meta({ description: 'User from "variables.user", password from the secret "password".' }),
  z.strictObject({ kind: z.literal('bearer') }).meta({ description: 'Token from the secret "token".' }),
  z
    .strictObject({ kind: z.literal('apiKey'), in: z.enum(['header', 'query']), name: z.string().min(1) })
    .meta({ description: 'Key from the secret "apiKey".' }),
  z
    .strictObject({
      kind: z.literal('oauth2'),
      /** `authorisationCode`: a person signs in once (`kanto login`); from then on it is `refreshToken`. */
      grant: z.enum(['clientCredentials', 'refreshToken', 'authorisationCode']),
      tokenUrl: templateSchema.meta({ description: 'Relative to the base URL, or a whole URL.' }),
      authorisationUrl: templateSchema.optional().meta({ description: 'Where a person signs in; authorisationCode needs it.' }),
      /** Where the server says who it is in its redirect, this is who it must be. */
      issuer: templateSchema.optional(),
      scope: z.string().optional(),
      /** How the client shows its secret: in the form, or as HTTP basic. A client without a secret shows none. */
      client: z.enum(['form', 'basic', 'public']).default('form'),
      /** More for the authorisation URL, such as `prompt: consent`. */
      parameters: querySchema.default({}),
    })
    .meta({ description: 'Client from "variables.clientId"; secrets "clientSecret" and, but for clientCredentials, "refreshToken".' }),
]);

const pagingSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('page'), page: z.string(), size: z.string(), first: z.number().int().default(1) }),
  z.strictObject({
    kind: z.literal('offset'),
    offset: z.string(),
    size: z.string(),
    /** The address of what an answer left out because it was too much for one, where the server says so. */
    next: pointerSchema.optional(),
    /** How an offset at the end of the list is refused, where it is: the status, and an expression for the message. */
    beyond: z.strictObject({ status: z.number().int(), matches: z.string() }).optional(),
  }),
  /** A page begins with the last row of the one before (`from`: query with `{last}`, or `{lastJson}`), so that no deletion shifts a row away. */
  z.strictObject({ kind: z.literal('from'), from: querySchema, size: z.string() }),
  z.strictObject({ kind: z.literal('cursor'), query: z.string(), next: pointerSchema, size: z.string().optional() }),
  z.strictObject({ kind: z.literal('next'), next: pointerSchema, size: z.string().optional() }),
  z.strictObject({ kind: z.literal('link'), size: z.string().optional() }),
]);

const writeSchema = (method: 'POST' | 'PATCH' | 'DELETE') =>
  z.strictObject({
    method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']).default(method),
    path: templateSchema,
    query: querySchema.optional(),
    /** Where the row stands in the request; empty: it is the request. */
    wrap: pointerSchema.default(''),
    /** Where the row stands in the answer; absent: the answer does not hold it, and it is read. */
    row: pointerSchema.optional(),
    /** Where the key of a new row stands in the answer, where the row does not. */
    keyAt: pointerSchema.optional(),
    /** `body`: the key is sent in the request, under its column. */
    keyIn: z.enum(['path', 'body']).default('path'),
    /** PUT keeps what is not sent. */
    isPartial: z.boolean().default(false),
  });

/** Several operations of one kind in one request. */
const batchSchema = (method: 'POST' | 'PATCH' | 'DELETE') =>
  z.strictObject({
    method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']).default(method),
    path: templateSchema,
    /** Where the list stands in the request. */
    wrap: pointerSchema.default(''),
    /** What the list holds: rows with their key and revision, or keys alone. */
    of: z.enum(['rows', 'keys']).default('rows'),
    /** A row is sent whole, with what does not change. */
    isWhole: z.boolean().default(false),
    /** Sent with each row besides, as JSON. */
    add: z.record(z.string(), z.json()).default({}),
    /** Where the answers stand, one for each that was sent, in their order unless `keyAt` tells; absent: the answer tells nothing. */
    rows: pointerSchema.optional(),
    /** In one answer: where it stands that this one was refused. Absent: the request happens as a whole or not at all. */
    failed: pointerSchema.optional(),
    /** What `failed` says where the row was changed meanwhile. */
    moved: z.string().optional(),
    /** In one answer: the key of its row. Answers may then come in any order, and one that is missing tells that its row was gone. */
    keyAt: templateSchema.optional(),
  });

export const declarationSchema = z
  .strictObject({
    title: z.string().min(1),
    auth: authSchema.default({ kind: 'none' }),
    headers: z.record(z.string(), z.string()).default({}),
    /** How datasets are found; a fixed list, or a request. */
    datasets: z.union([
      z.strictObject({ names: z.array(z.string().min(1)) }),
      z.strictObject({
        path: templateSchema,
        /** An array of names or objects, or an object whose keys are names. */
        at: pointerSchema,
        name: pointerSchema.default(''),
        only: conditionsSchema.default({}),
      }),
    ]),
    /** How the columns of a dataset are found; absent: its rows tell them, and an empty dataset has none that anybody knows. */
    columns: z
      .strictObject({
        path: templateSchema,
        /** Where they are one part of a list of datasets: where this list stands, and where an entry names its dataset. */
        dataset: z.strictObject({ at: pointerSchema, name: pointerSchema }).optional(),
        /** An array of objects, or an object whose keys are names. */
        at: pointerSchema,
        name: pointerSchema.default(''),
        only: conditionsSchema.default({}),
        /** Where a column tells its type, and what values of a type are in JSON, where that is certain. */
        type: pointerSchema,
        kinds: z.record(z.string(), kindSchema).default({}),
        /** What tells the column that identifies a row, and those that the system fills. */
        key: conditionsSchema.optional(),
        generated: conditionsSchema.optional(),
        /** Columns that all datasets have and none tells of. */
        besides: z.record(z.string(), kindSchema).default({}),
      })
      .optional(),
    /** The column that identifies a row, for discovery. */
    key: z.string().default('id'),
    /** The system gives a new row its key. */
    assignsKeys: z.boolean().default(true),
    /** Rows in one answer. */
    pageSize: z.number().int().min(1).max(1000).default(100),
    list: z.strictObject({
      path: templateSchema,
      query: querySchema.default({}),
      rows: pointerSchema,
      /** Where a row stands in its entry. */
      item: pointerSchema.default(''),
      /** Keys of entries that are no rows, as a regular expression. */
      exceptKeys: z.string().optional(),
      paging: pagingSchema,
      /** The number of all rows. */
      total: pointerSchema.optional(),
      /** Query that lists the rows of several keys: `{keys}` with commas between, `{keysJson}`, or `{key}` under a name with `{index}`. */
      keys: querySchema.optional(),
      /** Query that lists only what changed since `{value}` of `{column}`, in the order of it. */
      since: querySchema.optional(),
    }),
    read: z.strictObject({ path: templateSchema, query: querySchema.default({}), row: pointerSchema.default('') }),
    create: writeSchema('POST').optional(),
    update: writeSchema('PATCH').optional(),
    delete: writeSchema('DELETE').optional(),
    batch: z
      .strictObject({
        create: batchSchema('POST').optional(),
        update: batchSchema('PATCH').optional(),
        delete: batchSchema('DELETE').optional(),
      })
      .default({}),
    /** How `{keyLiteral}` and `{valueLiteral}` are written: numbers bare, text in quotes. */
    literals: z.enum(['odata']).optional(),
    /** Columns that the system fills itself; they are never sent. A key among them cannot be chosen. */
    generated: z.array(z.string()).default([]),
    /** The kind of a column's values, where its rows do not tell it. */
    types: z.record(z.string(), kindSchema).default({}),
    /** `If-Match` is honoured with the `ETag` of a row. */
    etag: z.boolean().default(false),
    /** The revision of a row stands in this column and must be sent back with a change. */
    revision: z.string().optional(),
    /** A request with the same value of this header is done once. */
    idempotencyHeader: z.string().optional(),
    /** Headers that tell what is left of the quota. `reset`: seconds from now, or epoch seconds. */
    quota: z.strictObject({ limit: z.string(), remaining: z.string(), reset: z.string().optional() }).optional(),
    /** Where an error says what is wrong, tried in order. */
    message: z.array(pointerSchema).default(['/message', '/error/message', '/error', '/errors/0/message']),
    /** Where an error names the column at fault, tried in order. */
    column: z.array(pointerSchema).default([]),
    /** What a write sets off there besides, in sentences for people. */
    sideEffects: z.array(z.string().min(1)).default([]),
    /** What a status means here, where it differs from what it usually does. */
    errors: z
      .array(
        z.strictObject({
          status: z.number().int(),
          /** Where to look in the answer; absent: all of it. */
          at: pointerSchema.optional(),
          /** A regular expression; its group `column` is the column at fault. */
          matches: z.string().optional(),
          code: z.enum([
            'constraint',
            'not-found',
            'no-access',
            'logged-out',
            'throttled',
            'unavailable',
            'too-large',
            'schema-changed',
            'locked',
            'unsupported',
          ]),
        }),
      )
      .default([]),
  })
  .meta({ title: 'Declaration of a REST API' });

export type Declaration = z.infer<typeof declarationSchema>;
export type WrittenDeclaration = z.input<typeof declarationSchema>;
export type Conditions = z.infer<typeof conditionsSchema>;
export type WriteForm = NonNullable<Declaration['create']>;

/** The kind of each type, from the types of each kind. */
export function kindsOf(
  types: Readonly<Partial<Record<z.infer<typeof kindSchema>, readonly string[]>>>,
): Readonly<Record<string, z.infer<typeof kindSchema>>> {
  const kinds = kindSchema.options.flatMap((kind) => (types[kind] ?? []).map((type) => [type, kind] as const));
  return Object.fromEntries(kinds);
}

/** The value at a pointer; undefined where there is none. */
export function at(document: unknown, pointer: string): unknown {
  if (pointer === '') return document;
  let here = document;
  for (const part of pointer.slice(1).split('/')) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Readonly<Record<string, unknown>>)[name];
  }
  return here;
}

/** The document that holds a value at a pointer of object names. */
export function wrapped(value: unknown, pointer: string): unknown {
  return pointer === ''
    ? value
    : pointer
        .slice(1)
        .split('/')
        .reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
}

/** A template with its names filled in; `encode` for paths. */
export function filled(
  template: string,
  values: Readonly<Record<string, string>>,
  encode: (text: string) => string = (text) => text,
): string {
  return template.replaceAll(/\{([A-Za-z]\w*)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? encode(values[name] ?? '') : whole,
  );
}
