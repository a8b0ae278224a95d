// REST APIs as places where records live, each by a declaration: a ready one, or a file of one's own.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EnvHttpProxyAgent } from 'undici';
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
import { requireEncrypted } from '../shared/http.ts';
import { keyProblem, keyText } from '../shared/keys.ts';
import { secretsOf } from './auth.ts';
import { authorise } from './authorise.ts';
import { columnInfo, columnsOf } from './columns.ts';
import type { Columns } from './columns.ts';
import { at, declarationSchema } from './declaration.ts';
import type { Declaration } from './declaration.ts';
import { toNative } from '../shared/exact-json.ts';
import { createHttp } from './http.ts';
import type { Http } from './http.ts';
import { listPages } from './listing.ts';
import type { JsonRow } from './listing.ts';
import { readyDeclarations } from './ready/index.ts';
import { oauthClient } from './oauth.ts';
import { literalOf } from './literals.ts';
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
    const http = createHttp({ declaration, baseUrl: config.baseUrl, variables: config.variables, context });
    return openApi(declaration, http, context);
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
  const dispatcher = new EnvHttpProxyAgent();
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
  const learn = (dataset: string, rows: readonly JsonRow[]): Columns => {
    const columns = columnsOf(rows, known.get(dataset));
    known.set(dataset, columns);
    return columns;
  };
  /** The first page tells the columns; an empty dataset has none that anybody knows. */
  const columnsAt = async (ref: Pick<DatasetRef, 'dataset' | 'key'>, signal: AbortSignal): Promise<Columns> => {
    const before = known.get(ref.dataset);
    if (before !== undefined && before.size > 0) return before;
    for await (const page of listPages({ http, declaration, ref, signal })) return learn(ref.dataset, page.rows);
    return new Map();
  };
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
    const { datasets: declared } = declaration;
    if ('names' in declared) return declared.names.map((name) => ({ name, kind: 'table' as const }));
    const { document } = await http.ask({ path: declared.path, signal });
    const found = at(document, declared.at);
    const names = Array.isArray(found)
      ? found.map((one) => at(one, declared.name))
      : typeof found === 'object' && found !== null
        ? Object.keys(found)
        : [];
    const except = declared.except === undefined ? undefined : new RegExp(declared.except);
    return names
      .filter((name): name is string => typeof name === 'string' && except?.test(name) !== true)
      .map((name) => ({ name, kind: 'table' as const }));
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
    const seen = since === undefined || declaration.literals === undefined ? new Map() : await columnsAt(ref, signal);
    const literal = (column: string, text: string) => literalOf(declaration, seen, column, text);
    for await (const page of listPages({ http, declaration, ref, literal, ...(since === undefined ? {} : { since }), signal })) {
      throwIfCancelled(signal, `Reading ${title}`);
      if (listed === 0 || page.rows.length > 0) require(ref.dataset, learn(ref.dataset, page.rows), [...ref.key, ...request.columns]);
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
    async test(signal) {
      const all = await datasets(signal);
      return { message: `${title} answers and shows ${all.length} datasets.`, details: all.slice(0, 20).map(({ name }) => name) };
    },
    datasets,
    async describe(dataset, signal) {
      throwIfCancelled(signal, `Describing ${title}`);
      known.delete(dataset);
      const columns = await columnsAt({ dataset, key: [declaration.key] }, signal);
      return {
        dataset,
        columns: columnInfo(declaration, columns),
        primaryKey: [declaration.key],
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
