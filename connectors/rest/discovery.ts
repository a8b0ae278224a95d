// What an API tells of itself apart from its rows: its datasets, and their columns where it has words for them.
import { ConnectorError } from '../contract.ts';
import type { Columns } from './columns.ts';
import { at } from './declaration.ts';
import type { Conditions, Declaration } from './declaration.ts';
import type { Http } from './http.ts';

export interface Api {
  readonly http: Http;
  readonly declaration: Declaration;
  readonly signal: AbortSignal;
}

export async function listDatasets({ http, declaration, signal }: Api): Promise<readonly string[]> {
  const { datasets } = declaration;
  if ('names' in datasets) return datasets.names;
  const { document } = await http.ask({ path: datasets.path, signal });
  return entriesAt(document, datasets)
    .filter(({ entry }) => fits(entry, datasets.only))
    .map(({ name }) => name);
}

/** The columns of a dataset as the API declares them. */
export interface DeclaredColumns {
  readonly columns: Columns;
  readonly key?: string;
  readonly generated: readonly string[];
}

/** Undefined where the API has no words for its columns, or none for this account, which may see rows alone: then these tell them. */
export async function declaredColumns({ http, declaration, signal }: Api, dataset: string): Promise<DeclaredColumns | undefined> {
  const { columns: form } = declaration;
  if (form === undefined) return undefined;
  let document: unknown;
  try {
    ({ document } = await http.ask({ path: form.path, values: { dataset }, signal }));
  } catch (error) {
    if (error instanceof ConnectorError && (error.code === 'no-access' || error.code === 'not-found')) return undefined;
    throw error;
  }
  const holder = form.dataset === undefined ? document : entriesAt(document, form.dataset).find(({ name }) => name === dataset)?.entry;
  const entries = entriesAt(holder, form).filter(({ entry }) => fits(entry, form.only));
  const kinds = entries.map(({ name, entry }) => [name, form.kinds[textOf(at(entry, form.type))] ?? 'unknown'] as const);
  const key = form.key === undefined ? undefined : entries.find(({ entry }) => fits(entry, form.key))?.name;
  return {
    columns: new Map([...Object.entries(form.besides), ...kinds]),
    ...(key === undefined ? {} : { key }),
    generated: form.generated === undefined ? [] : entries.filter(({ entry }) => fits(entry, form.generated)).map(({ name }) => name),
  };
}

interface Entry {
  readonly name: string;
  readonly entry: unknown;
}

/** What is listed: names, objects that hold their names, or an object whose keys are the names. What has no name is left out. */
function entriesAt(document: unknown, form: { readonly at: string; readonly name: string }): readonly Entry[] {
  const found = at(document, form.at);
  if (typeof found !== 'object' || found === null) return [];
  if (!Array.isArray(found)) return Object.entries(found).map(([name, entry]: [string, unknown]) => ({ name, entry }));
  return found.flatMap((entry: unknown) => {
    const name = at(entry, form.name);
    return typeof name === 'string' && name !== '' ? [{ name, entry }] : [];
  });
}

function fits(entry: unknown, conditions: Conditions = {}): boolean {
  return Object.entries(conditions).every(([pointer, expression]) => new RegExp(expression).test(textOf(at(entry, pointer))));
}

function textOf(value: unknown): string {
  return value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
}
