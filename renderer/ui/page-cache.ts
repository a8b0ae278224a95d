// Which pages of a long list are held, which are stale and which to fetch next.

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** The state of the world that the page shows. */
  readonly version: string;
}

export interface PageCache<Row> {
  readonly pageSize: number;
  readonly maxPages: number;
  readonly pages: ReadonlyMap<number, Page<Row>>;
}

export function emptyCache<Row>(pageSize: number, maxPages: number): PageCache<Row> {
  return { pageSize, maxPages, pages: new Map() };
}

export function rowAt<Row>(cache: PageCache<Row>, index: number): Row | undefined {
  const number = Math.floor(index / cache.pageSize);
  return cache.pages.get(number)?.rows[index - number * cache.pageSize];
}

/** Pages that rows `first` to `last` need and that are missing or older than `version`. */
export function missingPages<Row>(cache: PageCache<Row>, first: number, last: number, version: string): number[] {
  if (last < first) return [];
  const missing: number[] = [];
  for (let page = Math.floor(first / cache.pageSize); page <= Math.floor(last / cache.pageSize); page++) {
    if (cache.pages.get(page)?.version !== version) missing.push(page);
  }
  return missing;
}

/** Adds a page; past `maxPages` the pages farthest from it are let go, so that memory stays bounded. */
export function withPage<Row>(cache: PageCache<Row>, number: number, page: Page<Row>): PageCache<Row> {
  const pages = new Map(cache.pages).set(number, page);
  if (pages.size > cache.maxPages) {
    const farthest = [...pages.keys()].sort((a, b) => Math.abs(b - number) - Math.abs(a - number));
    for (const key of farthest.slice(0, pages.size - cache.maxPages)) pages.delete(key);
  }
  return { ...cache, pages };
}
