// Connections: what they are, what they can do, and a test of one.
import { performance } from 'node:perf_hooks';
import { ConnectorError } from '../../connectors/contract.ts';
import type { Capabilities, Connection, Connector } from '../../connectors/contract.ts';
import { connectionCapabilities } from '../config/connection-capabilities.ts';
import { KantoError } from '../core/model/error.ts';
import { connectionStateTable } from '../store/tables/connection-state.ts';
import { toProblem } from '../engine/errors.ts';
import type { ApiContext, Handlers } from './context.ts';
import { defined } from './defined.ts';
import { cellText, firstRows, sampleTimeoutMs } from './samples.ts';
import { listed } from './words.ts';

/** A test that takes longer is given up. */
const testTimeoutMs = 20_000;
/** Rows that a look at a dataset shows. */
const shownRows = 20;
/** Datasets described by a test at most; the rest is named. */
const describedDatasets = 50;

type TestAnswer = Awaited<ReturnType<Handlers['connections.test']>>;

export function connectionHandlers({
  workspace,
}: ApiContext): Pick<Handlers, 'connections.list' | 'connections.test' | 'connections.datasets' | 'connections.look'> {
  const states = connectionStateTable(workspace.db);
  const healthOf = (id: string) => {
    const health = states.load(id);
    return health === undefined ? {} : { health };
  };
  const requireConnection = (id: string) => {
    if (Object.hasOwn(workspace.configuration().body.connections, id)) return;
    throw new KantoError('unknown-connection', `There is no connection ${id}.`, 'Look at the list of connections.', 'ask-user');
  };
  return {
    'connections.list'() {
      const { body } = workspace.configuration();
      const all = Object.entries(body.connections).map(async ([id, { connector, config }]) => ({
        id,
        connector,
        title: workspace.registry.get(connector)?.title ?? connector,
        target: target(config),
        ...healthOf(id),
        abilities: abilities(connectionCapabilities(body, id, workspace.registry)),
        signsIn: await signsIn(workspace.registry.get(connector), config, body.folder),
        usedBy: Object.entries(body.syncs).flatMap(([sync, { endpoints }]) =>
          Object.entries(endpoints).flatMap(([endpoint, own]) => (own.connection === id ? [{ sync, endpoint }] : [])),
        ),
      }));
      return Promise.all(all);
    },
    async 'connections.test'({ id }) {
      requireConnection(id);
      return testOf(() => workspace.connect(id));
    },
    async 'connections.datasets'({ id }) {
      requireConnection(id);
      await using connection = await workspace.connect(id);
      return (await connection.datasets(AbortSignal.timeout(sampleTimeoutMs))).map(({ name, kind }) => ({ name, kind }));
    },
    async 'connections.look'({ id, dataset }) {
      requireConnection(id);
      await using connection = await workspace.connect(id);
      return await look(connection, dataset, AbortSignal.timeout(sampleTimeoutMs));
    },
  };
}

/** A declaration that cannot be read is told where it is used; nobody signs in with it. */
async function signsIn(connector: Connector | undefined, config: Readonly<Record<string, unknown>>, baseFolder: string): Promise<boolean> {
  const { success, data } = connector?.configSchema.safeParse(config) ?? {};
  if (success !== true) return false;
  try {
    return (await connector?.signsIn?.(data, { baseFolder })) === true;
  } catch (error) {
    if (error instanceof ConnectorError) return false;
    throw error;
  }
}

type Found = Omit<TestAnswer, 'tookMs'>;

/** The test of a connection that `open` opens. */
export async function testOf(open: () => Promise<Connection>): Promise<TestAnswer> {
  const begun = performance.now();
  const answer = await tried(async () => {
    await using connection = await open();
    return await inspect(connection, AbortSignal.timeout(testTimeoutMs));
  });
  return { ...answer, tookMs: Math.round(performance.now() - begun) };
}

/** A connection that does not work is an answer, not an error. */
async function tried(test: () => Promise<Found>): Promise<Found> {
  try {
    return await test();
  } catch (error) {
    const problem = toProblem(error);
    return { ok: false, message: problem.message, details: [problem.remedy], checks: [], datasets: [], problem };
  }
}

async function inspect(connection: Connection, signal: AbortSignal): Promise<Found> {
  const report = await connection.test(signal);
  const datasets: TestAnswer['datasets'] = [];
  const said = new Set<string>(report.details);
  const refused: ConnectorError[] = [];
  const all = await connection.datasets(signal);
  for (const { name, kind } of all.slice(0, describedDatasets)) {
    try {
      const schema = await connection.describe(name, signal);
      for (const word of schema.detected) said.add(word);
      datasets.push({ name, kind, columns: schema.columns.length, ...defined({ rows: schema.rows }) });
    } catch (error) {
      if (!(error instanceof ConnectorError) || error.code === 'cancelled') throw error;
      refused.push(error);
    }
  }
  // Some datasets that cannot be looked at are no reason to say nothing of the others.
  const [first] = refused;
  if (datasets.length === 0 && first !== undefined) throw first;
  for (const { message } of refused) said.add(message);
  const left = all.length - datasets.length - refused.length;
  if (left > 0) said.add(`${left.toLocaleString('en')} more datasets are not listed`);
  return { ok: true, message: report.message, details: [...said], checks: [...(report.checks ?? [])], datasets };
}

async function look(
  connection: Connection,
  dataset: string,
  signal: AbortSignal,
): Promise<Awaited<ReturnType<Handlers['connections.look']>>> {
  const schema = await connection.describe(dataset, signal);
  const names = schema.columns.map(({ name }) => name);
  // A place without keys of its own is read by its first column: which one tells its rows apart is for a sync to say.
  const key = schema.primaryKey.length > 0 ? schema.primaryKey : names.slice(0, 1);
  const { rows, problems } =
    names.length === 0
      ? { rows: [], problems: [] }
      : await firstRows(connection, { ref: { dataset, key }, columns: names, signal }, shownRows);
  return {
    columns: schema.columns.map(({ name, nativeType, nullable, generated }) => ({
      name,
      type: nativeType,
      nullable,
      isKey: schema.primaryKey.includes(name),
      isGenerated: generated === true,
    })),
    ...defined({ count: schema.rows }),
    notes: [...schema.detected, ...(schema.sideEffects ?? [])],
    rows: rows.map((row) => names.map((_, at) => cellText(row[at]))),
    problems: problems.map(({ where, why }) => `${where}: ${why}`),
  };
}

/** Where a configuration points: only what names a place, so that nothing secret can be among it. */
function target(config: Readonly<Record<string, unknown>>): string {
  const text = (key: string) => (typeof config[key] === 'string' || typeof config[key] === 'number' ? String(config[key]) : '');
  if (text('host') !== '') {
    const within = text('database') === '' ? text('path') : text('database');
    return `${text('host')}${text('port') === '' ? '' : `:${text('port')}`}${within === '' ? '' : `/${within.replace(/^\//, '')}`}`;
  }
  if (text('path') !== '') return text('path');
  if (text('bucket') !== '') return `${text('bucket')}/${text('key')}`;
  return (text('url') === '' ? text('baseUrl') : text('url')).replace(/\/\/[^/@]*@/, '//');
}

function abilities(can: Capabilities | undefined): string[] {
  if (!can) return [];
  return [
    'read',
    ...(can.write.length === 0 ? [] : [listed(can.write)]),
    can.atomicity === 'atomic' ? 'writes as a whole or not at all' : 'writes row by row',
    ...(can.cursor ? ['reads only what changed'] : []),
    ...(can.log === true ? ['keeps a log of changes'] : []),
    ...(can.filters ? ['filters'] : []),
    ...(can.confirmsAbsence ? ['confirms deletes'] : []),
    ...(can.assignsKeys ? ['gives new rows their key'] : []),
  ];
}
