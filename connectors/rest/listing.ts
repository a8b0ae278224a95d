// Lists a dataset page by page, in whatever way the API pages.
import type { DatasetRef, Native } from '../contract.ts';
import { ConnectorError } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import { keyText } from '../shared/keys.ts';
import { at, filled } from './declaration.ts';
import type { Declaration } from './declaration.ts';
import { RefusedAnswer } from './errors.ts';
import { toNative } from '../shared/exact-json.ts';
import type { Answer, Ask, Http } from './http.ts';

export type JsonRow = Readonly<Record<string, unknown>>;

export interface ListedPage {
  readonly rows: readonly JsonRow[];
  /** The number of all rows, where the API tells. */
  readonly total?: number;
  /** The page reached the end of the list. */
  readonly isLast: boolean;
}

/** How a value stands in an address: as OData writes it, where the declaration says so. */
export type Literal = (column: string, text: string) => string;

export interface Listing {
  readonly http: Http;
  readonly declaration: Declaration;
  readonly ref: Pick<DatasetRef, 'dataset' | 'key'>;
  readonly since?: { readonly column: string; readonly value: Native };
  readonly literal?: Literal;
  /** Only the rows of these keys, where `list.keys` is declared. */
  readonly keys?: readonly string[];
  readonly signal: AbortSignal;
}

/** Pages asked for at most: an API whose next page is always another one would never end. */
const mostPages = 1_000_000;

export async function* listPages(listing: Listing): AsyncGenerator<ListedPage> {
  const { declaration } = listing;
  let ask: Question | undefined = firstAsk(listing);
  const column = listing.ref.key[0] ?? '';
  let seen = 0;
  let last = '';
  for (let page = 0; ask !== undefined; page += 1) {
    const answer = await askPage(listing, ask, page);
    if (answer === undefined) {
      yield { rows: [], isLast: true };
      return;
    }
    const { rows, entries, lastKey } = rowsOf(listing, answer.document);
    const total = declaration.list.total === undefined ? undefined : Number(at(answer.document, declaration.list.total));
    seen += entries;
    const before = last;
    last = lastKey === '' ? last : lastKey;
    ask = page < mostPages ? nextAsk({ listing, answer, entries, seen, page, last, isStill: last === before }) : undefined;
    const isOld = (row: JsonRow) => declaration.list.paging.kind === 'from' && page > 0 && keyText(toNative(row[column])) === before;
    yield {
      rows: rows.filter((row) => !isOld(row)),
      isLast: ask === undefined,
      ...(total === undefined || Number.isNaN(total) ? {} : { total }),
    };
  }
}

type Question = Omit<Ask, 'signal'>;

/** One page; undefined where the API refuses to look beyond the end of the list. */
async function askPage({ http, declaration, signal }: Listing, ask: Question, page: number): Promise<Answer | undefined> {
  const { paging } = declaration.list;
  const beyond = paging.kind === 'offset' ? paging.beyond : undefined;
  try {
    return await http.ask({ ...ask, signal });
  } catch (error) {
    const refusal = error instanceof ConnectorError ? error.cause : undefined;
    const isEnd = page > 0 && beyond !== undefined && refusal instanceof RefusedAnswer && refusal.status === beyond.status;
    if (isEnd && new RegExp(beyond.matches, 'i').test(refusal.message)) return undefined;
    throw error;
  }
}

function firstAsk({ declaration, ref, since, keys, literal = (_column, text) => text }: Listing): Question {
  const { list, pageSize } = declaration;
  const value = since === undefined ? '' : keyText(since.value);
  const values = {
    dataset: ref.dataset,
    keyColumn: ref.key[0] ?? declaration.key,
    ...(since === undefined ? {} : { column: since.column, value, valueLiteral: literal(since.column, value) }),
    ...(keys === undefined ? {} : keyValues(keys)),
  };
  const query: Record<string, string> = {
    ...list.query,
    ...(since === undefined ? {} : list.since),
    ...(keys === undefined ? {} : keyQuery(list.keys, keys)),
  };
  const { paging } = list;
  if ('size' in paging && paging.size !== undefined) query[paging.size] = String(pageSize);
  if (paging.kind === 'page') query[paging.page] = String(paging.first);
  if (paging.kind === 'offset') query[paging.offset] = '0';
  return { path: list.path, values, query };
}

function keyValues(keys: readonly string[]): Readonly<Record<string, string>> {
  return { keys: keys.join(','), keysJson: JSON.stringify(keys), ...Object.fromEntries(keys.map((key, index) => [`key${index}`, key])) };
}

/** The query for several keys; one with `{index}` in its name is there once for each, with the key as `{key}`. */
function keyQuery(query: Readonly<Record<string, string>> = {}, keys: readonly string[]): Readonly<Record<string, string>> {
  const entries = Object.entries(query).flatMap(([name, value]) =>
    name.includes('{index}')
      ? keys.map((_, index) => [filled(name, { index: String(index) }), filled(value, { key: `{key${index}}` })])
      : [[name, value]],
  );
  return Object.fromEntries(entries) as Readonly<Record<string, string>>;
}

interface Place {
  readonly listing: Listing;
  readonly answer: Answer;
  /** In this answer, and in all so far. */
  readonly entries: number;
  readonly seen: number;
  readonly page: number;
  /** The key of the last row. */
  readonly last: string;
  /** No row came after the one that ended the page before. */
  readonly isStill: boolean;
}

/** What to ask for the page after this one; undefined at the end. */
function nextAsk({ listing, answer, entries, seen, page, last, isStill }: Place): Question | undefined {
  const { paging } = listing.declaration.list;
  if (listing.keys !== undefined && (seen >= listing.keys.length || paging.kind === 'from')) return undefined;
  const first = firstAsk(listing);
  const further = (query: Readonly<Record<string, string>>, values: Readonly<Record<string, string>> = {}): Question => ({
    ...first,
    values: { ...first.values, ...values },
    query: { ...first.query, ...query },
  });
  switch (paging.kind) {
    case 'none':
      return undefined;
    case 'page':
      return entries === 0 ? undefined : further({ [paging.page]: String(paging.first + page + 1) });
    case 'offset': {
      const next = paging.next === undefined ? undefined : nextAddress(at(answer.document, paging.next), answer);
      if (next !== undefined) return next;
      return entries === 0 ? undefined : further({ [paging.offset]: String(seen) });
    }
    case 'from':
      return entries === 0 || isStill ? undefined : further(paging.from, { last, lastJson: JSON.stringify(last) });
    case 'cursor': {
      const next = at(answer.document, paging.next);
      const isToken = (typeof next === 'string' && next !== '') || typeof next === 'number';
      return isToken ? further({ [paging.query]: String(next) }) : undefined;
    }
    case 'next':
      return nextAddress(at(answer.document, paging.next), answer);
    case 'link':
      return nextAddress(linkTo('next', answer.headers['link']), answer);
  }
}

/** An address that an answer gave: whole, or seen from its own. */
function nextAddress(next: unknown, { url }: Answer): Question | undefined {
  return typeof next === 'string' && next !== '' ? { path: next, base: url } : undefined;
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

interface Listed {
  readonly rows: readonly JsonRow[];
  /** What the answer held, with what is no row. */
  readonly entries: number;
  /** The key of its last entry. */
  readonly lastKey: string;
}

function rowsOf({ declaration, ref, keys }: Listing, document: unknown): Listed {
  const list = at(document, declaration.list.rows);
  if (Array.isArray(list)) {
    const { item, exceptKeys } = declaration.list;
    const except = exceptKeys === undefined ? undefined : new RegExp(exceptKeys);
    // A list of keys has an entry without a row for each key that is not there.
    const all = list.map((row) => at(row, item));
    const found = keys === undefined ? all : all.filter(isRow);
    if (found.every(isRow)) {
      const keyOf = (row: JsonRow | undefined) => keyText(toNative(row?.[ref.key[0] ?? '']));
      return { rows: found.filter((row) => except?.test(keyOf(row)) !== true), entries: list.length, lastKey: keyOf(found.at(-1)) };
    }
  }
  throw connectorError(
    'unreadable',
    `${declaration.title} lists ${ref.dataset} without rows at "${declaration.list.rows}".`,
    'Check "list.rows" of the declaration, and the base URL.',
  );
}
