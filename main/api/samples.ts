// Sample rows of an endpoint: its columns and some of its cells, read from the system itself.
import type { Connection, DatasetSchema, Native, NativeRow, ReadRequest, RowProblem } from '../../connectors/contract.ts';
import type { EndpointConfig } from '../config/schema.ts';
import type { Workspace } from '../engine/workspace.ts';
import { atEndpoint } from '../engine/sync-context.ts';

/** Reading samples longer than this is given up. */
export const sampleTimeoutMs = 20_000;

export interface Sampled {
  readonly schema: DatasetSchema;
  /** By column, one cell for each sample row. */
  readonly cells: ReadonlyMap<string, readonly Native[]>;
}

export async function sampleEndpoint(workspace: Workspace, name: string, endpoint: EndpointConfig, rows: number): Promise<Sampled> {
  return atEndpoint(name, async () => {
    await using connection = await workspace.connect(endpoint.connection);
    const signal = AbortSignal.timeout(sampleTimeoutMs);
    const schema = await connection.describe(endpoint.dataset, signal);
    const names = schema.columns.map((column) => column.name);
    const ref = { dataset: endpoint.dataset, key: endpoint.key, ...(endpoint.where === undefined ? {} : { where: endpoint.where }) };
    const { rows: found } = await firstRows(connection, { ref, columns: names, signal }, rows);
    return { schema, cells: new Map(names.map((column, at) => [column, found.map((row) => row[at] ?? null)])) };
  });
}

/** The first rows of a read, and what is wrong with others among them. The rest is not asked for. */
export async function firstRows(connection: Connection, request: ReadRequest, wanted: number) {
  const rows: NativeRow[] = [];
  const problems: RowProblem[] = [];
  for await (const page of connection.read(request)) {
    rows.push(...page.rows.slice(0, wanted - rows.length));
    problems.push(...page.problems.slice(0, wanted - problems.length));
    if (rows.length >= wanted || problems.length >= wanted) break;
  }
  return { rows, problems };
}

/** A cell as text; null is null. */
export function cellText(native: Native | undefined): string | null {
  if (native === null || native === undefined) return null;
  return native instanceof Uint8Array ? Buffer.from(native).toString('base64') : String(native);
}

/** The first cell that says something. */
export function firstCell(cells: readonly Native[] | undefined): string | null {
  return cellText(cells?.find((native) => native !== null && native !== ''));
}
