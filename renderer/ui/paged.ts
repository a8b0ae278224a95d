// Rows of a long list that is fetched by pages as it is looked at.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Problem } from '../../preload/contract/errors.ts';
import { emptyCache, missingPages, rowAt, withPage } from './page-cache.ts';
import type { PageCache } from './page-cache.ts';
import { useLatest } from './use-latest.ts';

/** What `VirtualTable` reads. `want` says which rows are on screen. */
export interface RowSource<Row> {
  /** `undefined`: not known yet. */
  readonly total: number | undefined;
  readonly problem: Problem | undefined;
  readonly at: (index: number) => Row | undefined;
  readonly want: (first: number, last: number) => void;
}

export interface PagedSource<Row> extends RowSource<Row> {
  readonly again: () => void;
}

export interface PagedOptions<Row> {
  /** Names the question; another key starts over. */
  readonly key: string;
  /** Names the state of the world; with another one the pages on screen are fetched again. */
  readonly version: string;
  readonly load: (offset: number, limit: number) => Promise<{ readonly total: number; readonly items: readonly Row[] }>;
  readonly asProblem: (error: unknown) => Problem;
}

const PAGE_SIZE = 200;
const MAX_PAGES = 50;
const MAX_PARALLEL = 2;

interface Held<Row> {
  readonly key: string;
  readonly total: number | undefined;
  readonly problem: Problem | undefined;
  /** The version whose fetch failed; it is not tried again until asked. */
  readonly failedAt: string | undefined;
  readonly cache: PageCache<Row>;
}

function nothing<Row>(key: string): Held<Row> {
  return { key, total: undefined, problem: undefined, failedAt: undefined, cache: emptyCache<Row>(PAGE_SIZE, MAX_PAGES) };
}

export function usePaged<Row>(options: PagedOptions<Row>): PagedSource<Row> {
  const { key, version } = options;
  const [held, setHeld] = useState<Held<Row>>(() => nothing(key));
  const [round, setRound] = useState(0);
  const shown = held.key === key ? held : nothing<Row>(key);
  const stamp = `${version}.${round}`;
  const latest = useLatest({ options, shown, stamp });
  const range = useRef({ first: 0, last: PAGE_SIZE - 1 });
  const [asked] = useState(() => new Set<string>());
  const [settled, setSettled] = useState(0);

  const fetchMissing = useCallback((): void => {
    const { shown: now, options: question, stamp: at } = latest.current;
    if (now.failedAt === at) return;
    for (const page of missingPages(now.cache, range.current.first, range.current.last, at)) {
      const mark = `${question.key} ${at} ${page}`;
      if (asked.has(mark) || asked.size >= MAX_PARALLEL) continue;
      asked.add(mark);
      const settle = (change: (was: Held<Row>) => Held<Row>): void => {
        asked.delete(mark);
        setSettled((was) => was + 1);
        if (question.key === latest.current.options.key) setHeld((was) => change(was.key === question.key ? was : nothing(question.key)));
      };
      question.load(page * PAGE_SIZE, PAGE_SIZE).then(
        ({ total, items }) =>
          settle((was) => {
            const cache = withPage(was.cache, page, { rows: items, version: at });
            return { key: question.key, total, problem: undefined, failedAt: undefined, cache };
          }),
        (error: unknown) => settle((was) => ({ ...was, problem: question.asProblem(error), failedAt: at })),
      );
    }
    // oxlint-disable-next-line react/preserve-manual-memoization -- `latest` is a ref, read when pages are fetched
  }, [latest, asked]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another key, a new state or an answer is the reason to look again
  useEffect(fetchMissing, [fetchMissing, key, stamp, settled]);

  const want = useCallback(
    (first: number, last: number): void => {
      range.current = { first, last };
      fetchMissing();
    },
    [fetchMissing],
  );
  const again = useCallback((): void => setRound((was) => was + 1), []);
  return useMemo(
    () => ({ total: shown.total, problem: shown.problem, at: (index: number) => rowAt(shown.cache, index), want, again }),
    [shown.total, shown.problem, shown.cache, want, again],
  );
}

/** Rows that are all here. */
export function useRows<Row>(rows: readonly Row[] | undefined): RowSource<Row> {
  return useMemo(() => ({ total: rows?.length, problem: undefined, at: (index: number) => rows?.[index], want: () => undefined }), [rows]);
}
