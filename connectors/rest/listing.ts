// Lists a dataset page by page, in whatever way the API pages.
import type { DatasetRef, Native } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import { keyText } from '../shared/keys.ts';
import { at } from './declaration.ts';
import type { Declaration } from './declaration.ts';
import { toNative } from './exact-json.ts';
import type { Answer, Ask, Http } from './http.ts';

export type JsonRow = Readonly<Record<string, unknown>>;

export interface ListedPage {
  readonly rows: readonly JsonRow[];
  /** The number of all rows, where the API tells. */
  readonly total?: number;
  /** The page reached the end of the list. */
  readonly isLast: boolean;
}

export interface Listing {
  readonly http: Http;
  readonly declaration: Declaration;
  readonly ref: Pick<DatasetRef, 'dataset' | 'key'>;
  readonly since?: { readonly column: string; readonly value: Native };
  readonly signal: AbortSignal;
}

/** Pages asked for at most: an API whose next page is always another one would never end. */
const mostPages = 1_000_000;

export async function* listPages(listing: Listing): AsyncGenerator<ListedPage> {
  const { http, declaration } = listing;
  let ask: Omit<Ask, 'signal'> | undefined = firstAsk(listing);
  for (let page = 0; ask !== undefined; page += 1) {
    const answer: Answer = await http.ask({ ...ask, signal: listing.signal });
    const rows = rowsOf(listing, answer.document);
    const total = declaration.list.total === undefined ? undefined : Number(at(answer.document, declaration.list.total));
    ask = page < mostPages ? nextAsk(listing, ask, answer, rows.length, page) : undefined;
    yield { rows, isLast: ask === undefined, ...(total === undefined || Number.isNaN(total) ? {} : { total }) };
  }
}

function firstAsk({ declaration, ref, since }: Listing): Omit<Ask, 'signal'> {
  const { list, pageSize } = declaration;
  const values = {
    dataset: ref.dataset,
    keyColumn: ref.key[0] ?? declaration.key,
    ...(since === undefined ? {} : { column: since.column, value: keyText(since.value) }),
  };
  const query: Record<string, string> = { ...list.query, ...(since === undefined ? {} : list.since) };
  const { paging } = list;
  if ('size' in paging && paging.size !== undefined) query[paging.size] = String(pageSize);
  if (paging.kind === 'page') query[paging.page] = String(paging.first);
  if (paging.kind === 'offset') query[paging.offset] = '0';
  return { path: list.path, values, query };
}

/** What to ask for the page after this one; undefined at the end. */
function nextAsk(
  { declaration }: Listing,
  ask: Omit<Ask, 'signal'>,
  answer: Answer,
  rows: number,
  page: number,
): Omit<Ask, 'signal'> | undefined {
  const { paging } = declaration.list;
  switch (paging.kind) {
    case 'none':
      return undefined;
    case 'page':
      return rows === 0 ? undefined : { ...ask, query: { ...ask.query, [paging.page]: String(paging.first + page + 1) } };
    case 'offset': {
      const before = Number(ask.query?.[paging.offset] ?? '0');
      return rows === 0 ? undefined : { ...ask, query: { ...ask.query, [paging.offset]: String(before + rows) } };
    }
    case 'cursor': {
      const next = at(answer.document, paging.next);
      const isToken = (typeof next === 'string' && next !== '') || typeof next === 'number';
      return isToken ? { ...ask, query: { ...ask.query, [paging.query]: String(next) } } : undefined;
    }
    case 'next': {
      const next = at(answer.document, paging.next);
      return typeof next === 'string' && next !== '' ? { path: next } : undefined;
    }
    case 'link': {
      const next = linkTo('next', answer.headers['link']);
      return next === undefined ? undefined : { path: next };
    }
  }
}

/** The address of a relation in a Link header (RFC 8288). */
function linkTo(relation: string, header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  for (const [, address, parameters] of text.matchAll(/<([^>]*)>([^,<]*)/g)) {
    const rel = /rel\s*=\s*"?([^";]*)"?/i.exec(parameters ?? '')?.[1] ?? '';
    if (rel.split(/\s+/).includes(relation)) return address;
  }
  return undefined;
}

function isRow(value: unknown): value is JsonRow {
  return typeof value === 'object' && value !== null;
}

function rowsOf({ declaration, ref }: Listing, document: unknown): readonly JsonRow[] {
  const rows = at(document, declaration.list.rows);
  if (Array.isArray(rows)) {
    const { item, exceptKeys } = declaration.list;
    const except = exceptKeys === undefined ? undefined : new RegExp(exceptKeys);
    const found = rows.map((row) => at(row, item));
    if (found.every(isRow)) return found.filter((row) => except?.test(keyText(toNative(row[ref.key[0] ?? '']))) !== true);
  }
  throw connectorError(
    'unreadable',
    `${declaration.title} lists ${ref.dataset} without rows at "${declaration.list.rows}".`,
    'Check "list.rows" of the declaration, and the base URL.',
  );
}
