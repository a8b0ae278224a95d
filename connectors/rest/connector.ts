// REST APIs as places where records live, each by a declaration: a ready one, or a file of one's own.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type {
  Capabilities,
  Connection,
  Connector,
  ConnectorContext,
  DatasetInfo,
  DatasetRef,
  LoginOptions,
  ReadPage,
  ReadRequest,
} from '../contract.ts';
import { connectorError, requireColumns, requireKey, throwIfCancelled } from '../shared/errors.ts';
import { createDispatcher, requireEncrypted } from '../shared/http.ts';
import { authorityField, readAuthority } from '../shared/certificates.ts';
import { keyProblem, keyText } from '../shared/keys.ts';
import { secretsOf } from './auth.ts';
import { authorise } from './authorise.ts';
import { columnInfo, columnsOf } from './columns.ts';
import type { Columns } from './columns.ts';
import { declarationSchema } from './declaration.ts';
import type { Declaration } from './declaration.ts';
import { declaredColumns, listDatasets } from './discovery.ts';
import type { DeclaredColumns } from './discovery.ts';
import { toNative } from '../shared/exact-json.ts';
import type { JsonKind } from '../shared/exact-json.ts';
import { createHttp } from './http.ts';
import type { Http } from './http.ts';
import { listPages } from './listing.ts';
import type { JsonRow } from './listing.ts';
import { readyDeclarations } from './ready/index.ts';
import { oauthClient } from './oauth.ts';
import { literalOf } from './literals.ts';
import { probe } from './probe.ts';
import { readByKey, rowOf } from './look.ts';
import { writeRows } from './write.ts';

const configSchema = z
  .strictObject({
    declaration: z
      .string()
      .min(1)
      .meta({
        format: 'path',
        examples: Object.keys(readyDeclarations),
        description: `A ready one (${Object.keys(readyDeclarations).join(', ')}) or the path of a YAML or JSON file`,
      }),
    baseUrl: z.url().describe('Where the API begins, as https://crm.example.org/api'),
    variables: z.record(z.string(), z.string()).default({}).describe('Names that the declaration asks for, such as user or clientId'),
    types: z
      .record(z.string(), z.enum(['number', 'string', 'boolean', 'object']))
      .default({})
      .describe('The kind of a column, where its rows do not tell it'),
    ca: authorityField,
    insecure: z.boolean().default(false).describe('Allow http:// to another computer: everything, with the credential, travels readable'),
  })
  .describe('A web service that speaks JSON over HTTP, by a ready declaration or one of your own.');
export type RestConfig = z.infer<typeof configSchema>;

const capabilities: Capabilities = {
  write: ['create', 'update', 'delete'],
  atomicity: 'row',
  maxBatch: 20,
  cursor: true,
  confirmsAbsence: true,
  filters: false,
  repeats: true,
  assignsKeys: true,
  parallel: 4,
};

export const restConnector: Connector<RestConfig> = {
  id: 'rest',
  title: 'REST API',
  configSchema,
  secrets: ['token', 'password', 'apiKey', 'clientSecret', 'refreshToken'],
  capabilities,
  async open(config, context) {
    requireEncrypted(new URL(config.baseUrl), config.insecure);
    const declaration = await declarationOf(config, context.baseFolder);
    const authority = await readAuthority(config.ca, context.baseFolder);
    const http = createHttp({ declaration, baseUrl: config.baseUrl, variables: config.variables, context, authority });
    return openApi(declaration, http, context);
  },
  async signsIn(config, { baseFolder }) {
    const { auth } = await declarationOf(config, baseFolder);
    return auth.kind === 'oauth2' && auth.grant === 'authorisationCode';
  },
  async login(config, context, options) {
    requireEncrypted(new URL(config.baseUrl), config.insecure);
    const declaration = await declarationOf(config, context.baseFolder);
    return signIn(declaration, config, context, options);
  },
};

async function declarationOf({ declaration, types }: RestConfig, baseFolder: string): Promise<Declaration> {
  const declared = await load(declaration, baseFolder);
  return { ...declared, types: { ...declared.types, ...types } };
}

async function signIn(declaration: Declaration, config: RestConfig, context: ConnectorContext, options: LoginOptions) {
  const { auth, title } = declaration;
  if (auth.kind !== 'oauth2' || auth.authorisationUrl === undefined) {
    throw connectorError('unsupported', `Nobody signs in to ${title}.`, 'Set its secrets as KANTO_SECRET_ variables.');
  }
  const dispatcher = createDispatcher(await readAuthority(config.ca, context.baseFolder));
  try {
    const client = oauthClient({ ...config, declaration, dispatcher }, auth, secretsOf({ declaration, context }));
    return { refreshToken: await authorise({ declaration, auth, client, ...options }) };
  } finally {
    await dispatcher.destroy();
  }
}

async function load(name: string, baseFolder: string): Promise<Declaration> {
  const ready = Object.hasOwn(readyDeclarations, name) ? readyDeclarations[name] : undefined;
  if (ready !== undefined) return declarationSchema.parse(ready);
  const path = resolve(baseFolder, name);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw connectorError(
      'invalid-config',
      `There is no ready declaration "${name}", and ${path} cannot be read.`,
      `Name one of ${Object.keys(readyDeclarations).join(', ')}, or the path of a file.`,
      error,
    );
  }
  let written: unknown;
  try {
    written = parse(text);
  } catch (error) {
    throw connectorError(
      'invalid-config',
      `${path} is no YAML: ${error instanceof Error ? error.message : ''}`,
      'Correct the file.',
      error,
    );
  }
  const parsed = declarationSchema.safeParse(written);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw connectorError(
    'invalid-config',
    `${path} is no declaration: ${first?.path.join('.') ?? ''} ${first?.message ?? ''}`.trim(),
    'Correct the file; connectors/README.md shows one.',
  );
}

function openApi(declaration: Declaration, http: Http, context: ConnectorContext): Connection {
  const { title } = declaration;
  const known = new Map<string, Columns>();
  /** The columns that were known `before`, and those that rows show. */
  const learn = (dataset: string, rows: readonly JsonRow[], before: Columns | undefined): Columns => {
    const columns = columnsOf(rows, before);
    known.set(dataset, columns);
    return columns;
  };
  /** What the API tells, and what the first page shows. Where it tells nothing, nobody knows the columns of an empty dataset. */
  const explore = async (ref: Pick<DatasetRef, 'dataset' | 'key'>, told: DeclaredColumns | undefined, signal: AbortSignal) => {
    for await (const page of listPages({ http, declaration, ref, signal })) return learn(ref.dataset, page.rows, told?.columns);
    return new Map<string, JsonKind>();
  };
  const declared = (dataset: string, signal: AbortSignal) => declaredColumns({ http, declaration, signal }, dataset);
  const columnsAt = async (ref: Pick<DatasetRef, 'dataset' | 'key'>, signal: AbortSignal): Promise<Columns> => {
    const before = known.get(ref.dataset);
    return before !== undefined && before.size > 0 ? before : explore(ref, await declared(ref.dataset, signal), signal);
  };
  /** For a list of what changed; asked for only where the question depends on them. */
  const columnsBefore = async (ref: DatasetRef, signal: AbortSignal): Promise<Columns | undefined> =>
    declaration.literals === undefined && declaration.columns === undefined ? known.get(ref.dataset) : columnsAt(ref, signal);
  const require = (dataset: string, columns: Columns, wanted: readonly string[]) => {
    if (columns.size > 0) requireColumns(`${title}, ${dataset},`, [...columns.keys()], wanted);
  };
  const single = (ref: DatasetRef) => {
    requireKey(title, ref.key);
    if (ref.key.length === 1) return;
    throw connectorError('invalid-config', `${title} identifies rows by one column, not by ${ref.key.join(', ')}.`, 'Name one key column.');
  };

  async function datasets(signal: AbortSignal): Promise<readonly DatasetInfo[]> {
    throwIfCancelled(signal, `Listing ${title}`);
    return (await listDatasets({ http, declaration, signal })).map((name) => ({ name, kind: 'table' as const }));
  }

  async function* read(request: ReadRequest): AsyncGenerator<ReadPage> {
    throwIfCancelled(request.signal, `Reading ${title}`);
    const { ref, since, signal } = request;
    if (ref.where !== undefined) throw connectorError('unsupported', `${title} takes no filter.`, 'Leave "where" out.');
    if (since !== undefined && declaration.list.since === undefined) {
      throw connectorError('unsupported', `${title} cannot list only what changed.`, 'Use "changes: snapshot" for this place.');
    }
    single(ref);
    let listed = 0;
    // The few rows that changed need not show every column. A whole list must: a column that is gone would pass for empty in all rows.
    let columns = since === undefined ? (await declared(ref.dataset, signal))?.columns : await columnsBefore(ref, signal);
    const literal = (column: string, text: string) => literalOf(declaration, columns ?? new Map(), column, text);
    for await (const page of listPages({ http, declaration, ref, literal, ...(since === undefined ? {} : { since }), signal })) {
      throwIfCancelled(signal, `Reading ${title}`);
      if (listed === 0 || page.rows.length > 0) {
        columns = learn(ref.dataset, page.rows, columns);
        require(ref.dataset, columns, [...ref.key, ...request.columns]);
      }
      listed += page.rows.length;
      const shown = toPage(page.rows, request);
      const progress = page.total === undefined || page.total === 0 ? undefined : Math.min(1, listed / page.total);
      yield {
        ...shown,
        ...(progress === undefined ? {} : { progress }),
        ...(page.isLast ? { end: { complete: since === undefined } } : {}),
      };
    }
  }

  return {
    test: (signal) =>
      probe({
        http,
        declaration,
        datasets: () => datasets(signal),
        columns: (dataset) => columnsAt({ dataset, key: [declaration.key] }, signal),
      }),
    datasets,
    async describe(dataset, signal) {
      throwIfCancelled(signal, `Describing ${title}`);
      const told = await declared(dataset, signal);
      const primaryKey = [told?.key ?? declaration.key];
      const columns = await explore({ dataset, key: primaryKey }, told, signal);
      return {
        dataset,
        columns: columnInfo(declaration, columns, told?.generated ?? []),
        primaryKey,
        detected: [title, `Pages of ${declaration.pageSize}`, ...(declaration.etag ? ['Conditional changes'] : [])],
        tellsNullFromEmpty: true,
        ...(declaration.sideEffects.length === 0 ? {} : { sideEffects: declaration.sideEffects }),
      };
    },
    read,
    async readKeys(ref, keys, columns, signal) {
      throwIfCancelled(signal, `Reading ${title}`);
      single(ref);
      const seen = await columnsAt(ref, signal);
      return readByKey({ http, declaration, ref, columns: seen, signal }, keys, columns);
    },
    async write(request) {
      throwIfCancelled(request.signal, `Writing to ${title}`);
      if (request.operations.length === 0) return [];
      single(request.ref);
      const columns = await columnsAt(request.ref, request.signal);
      require(request.ref.dataset, columns, [
        ...request.ref.key,
        ...request.columns,
        ...request.operations.flatMap(({ set }) => Object.keys(set)),
      ]);
      const { ref, signal } = request;
      return writeRows({ http, declaration, request, ref, signal, columns, uuid: context.uuid });
    },
    quota: http.quota,
    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
  };
}

function toPage(rows: readonly JsonRow[], { ref, columns }: ReadRequest): Pick<ReadPage, 'keys' | 'rows' | 'problems'> {
  const keys: string[][] = [];
  const good: ReadPage['rows'][number][] = [];
  const problems: ReadPage['problems'][number][] = [];
  for (const row of rows) {
    const values = ref.key.map((name) => toNative(row[name]));
    const why = keyProblem(ref.key, values);
    if (why !== undefined) problems.push({ where: `a row of ${ref.dataset}`, isKeyless: true, why });
    else {
      keys.push(values.map(keyText));
      good.push(rowOf(row, columns));
    }
  }
  return { keys, rows: good, problems };
}
