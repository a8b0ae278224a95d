// Sample rows of an endpoint: its columns and some of its cells, read from the system itself.
import type { Connection, DatasetSchema, Native } from '../../connectors/contract.ts';
import type { EndpointConfig } from '../config/schema.ts';
import type { Workspace } from '../engine/workspace.ts';
import { atEndpoint } from '../engine/sync-context.ts';

/** Reading samples longer than this is given up. */
const sampleTimeoutMs = 20_000;

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
    return { schema, cells: await readCells(connection, endpoint, schema, rows, signal) };
  });
}

async function readCells(
  connection: Connection,
  endpoint: EndpointConfig,
  schema: DatasetSchema,
  wanted: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly Native[]>> {
  const columns = schema.columns.map((column) => column.name);
  const cells = new Map<string, Native[]>(columns.map((name) => [name, []]));
  const ref = { dataset: endpoint.dataset, key: endpoint.key, ...(endpoint.where === undefined ? {} : { where: endpoint.where }) };
  let count = 0;
  for await (const page of connection.read({ ref, columns, signal })) {
    for (const row of page.rows.slice(0, wanted - count)) {
      count += 1;
      for (const [at, name] of columns.entries()) cells.get(name)?.push(row[at] ?? null);
    }
    if (count >= wanted) break;
  }
  return cells;
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
