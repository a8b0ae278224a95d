// Rows of a long list that is fetched by pages as it is looked at.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Problem } from '../../preload/contract/errors.ts';
import { emptyCache, missingPages, rowAt, withPage } from './page-cache.ts';
import type { PageCache } from './page-cache.ts';
import { useLatest } from './use-latest.ts';

/** What `VirtualTable` reads. `want` says which rows are on screen. */
export interface RowSource<Row> {
  /** Another name is another list. */
  readonly name: string;
  /** `undefined`: not known yet. */
  readonly total: number | undefined;
  /** `total` is what was found so far. */
  readonly isSearching: boolean;
  readonly problem: Problem | undefined;
  readonly at: (index: number) => Row | undefined;
  readonly want: (first: number, last: number) => void;
}

export interface PagedSource<Row> extends RowSource<Row> {
  readonly again: () => void;
}

export interface LoadedPage<Row> {
  readonly total: number;
  /** The search goes on, and asking again brings it forward. */
  readonly more?: boolean | undefined;
  readonly items: readonly Row[];
}

export interface PagedOptions<Row> {
  /** Names the question; another key starts over. */
  readonly key: string;
  /** Names the state of the world; with another one the pages on screen are fetched again. */
  readonly version: string;
  readonly load: (offset: number, limit: number) => Promise<LoadedPage<Row>>;
  readonly asProblem: (error: unknown) => Problem;
}

const PAGE_SIZE = 100;
const MAX_PAGES = 100;
/** Questions under way at once: what a fling passes meanwhile is never asked for. */
const MAX_PARALLEL = 2;
/** While rows fly by pages are asked for no more often than this: what nobody can read needs not be drawn. */
const FLYING_GAP_MS = 80;
/** Rows beyond those on screen that are fetched before they are needed. */
const AHEAD = 40;

/** The version of a page that is to be fetched again. */
const SEARCHING = 'searching';

interface Held<Row> {
  readonly key: string;
  readonly total: number | undefined;
  readonly isSearching: boolean;
  readonly problem: Problem | undefined;
  /** The version whose fetch failed; it is not tried again until asked. */
  readonly failedAt: string | undefined;
  readonly cache: PageCache<Row>;
}

function nothing<Row>(key: string): Held<Row> {
  return {
    key,
    total: undefined,
    isSearching: false,
    problem: undefined,
    failedAt: undefined,
    cache: emptyCache<Row>(PAGE_SIZE, MAX_PAGES),
  };
}

export function usePaged<Row>(options: PagedOptions<Row>): PagedSource<Row> {
  const { key, version } = options;
  const [held, setHeld] = useState<Held<Row>>(() => nothing(key));
  const [round, setRound] = useState(0);
  const shown = held.key === key ? held : nothing<Row>(key);
  const stamp = `${version}.${round}`;
  const latest = useLatest({ options, shown, stamp });
  const range = useRef({ first: 0, last: PAGE_SIZE - 1 });
  /** Runs while rows fly by. */
  const flying = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const [asked] = useState(() => new Set<string>());
  const [settled, setSettled] = useState(0);

  const fetchMissing = useCallback((): void => {
    const { shown: now, options: question, stamp: at } = latest.current;
    if (now.failedAt === at) return;
    for (const page of wantedPages(now.cache, range.current, now.total, at)) {
      const mark = `${question.key} ${at} ${page}`;
      if (asked.has(mark) || asked.size >= MAX_PARALLEL) continue;
      asked.add(mark);
      const settle = (change: (was: Held<Row>) => Held<Row>): void => {
        asked.delete(mark);
        setSettled((was) => was + 1);
        if (question.key === latest.current.options.key) setHeld((was) => change(was.key === question.key ? was : nothing(question.key)));
      };
      question.load(page * PAGE_SIZE, PAGE_SIZE).then(
        ({ total, more = false, items }) =>
          settle((was) => {
            // A page of a search that goes on is asked for again at once.
            const cache = withPage(was.cache, page, { rows: items, version: more ? SEARCHING : at });
            return { key: question.key, total, isSearching: more, problem: undefined, failedAt: undefined, cache };
          }),
        (error: unknown) => settle((was) => ({ ...was, problem: question.asProblem(error), failedAt: at })),
      );
    }
    // oxlint-disable-next-line react/preserve-manual-memoization -- `latest` is a ref, read when pages are fetched
  }, [latest, asked]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another key, a new state or an answer is the reason to look again
  useEffect(() => {
    if (flying.current === undefined) fetchMissing();
  }, [fetchMissing, key, stamp, settled]);
  useEffect(
    () => () => {
      clearTimeout(flying.current);
      flying.current = undefined;
    },
    [],
  );

  const want = useCallback(
    (first: number, last: number): void => {
      const isFlying = Math.abs(first - range.current.first) * 3 > last - first;
      range.current = { first, last };
      if (flying.current !== undefined) return;
      fetchMissing();
      if (!isFlying) return;
      flying.current = setTimeout(() => {
        flying.current = undefined;
        fetchMissing();
      }, FLYING_GAP_MS);
    },
    [fetchMissing],
  );
  const again = useCallback((): void => setRound((was) => was + 1), []);
  return useMemo(
    () => ({
      name: key,
      total: shown.total,
      isSearching: shown.isSearching,
      problem: shown.problem,
      at: (index: number) => rowAt(shown.cache, index),
      want,
      again,
    }),
    [key, shown.total, shown.isSearching, shown.problem, shown.cache, want, again],
  );
}

/** Rows that are all here. */
export function useRows<Row>(rows: readonly Row[] | undefined): RowSource<Row> {
  return useMemo(
    () => ({
      name: '',
      total: rows?.length,
      isSearching: false,
      problem: undefined,
      at: (index: number) => rows?.[index],
      want: () => undefined,
    }),
    [rows],
  );
}

/** First what is on screen, then what may come next. */
function wantedPages<Row>(
  cache: PageCache<Row>,
  { first, last }: { readonly first: number; readonly last: number },
  total: number | undefined,
  version: string,
): number[] {
  const near = missingPages(cache, first, last, version);
  const end = Math.min(last + AHEAD, (total ?? last + 1) - 1);
  return [...new Set([...near, ...missingPages(cache, Math.max(0, first - AHEAD), end, version)])];
}
