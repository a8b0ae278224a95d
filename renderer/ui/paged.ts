// Rows of a long list that is fetched by pages as it is looked at.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Problem } from '../../preload/contract/errors.ts';
import { emptyCache, missingPages, rowAt, withPage } from './page-cache.ts';
import type { PageCache } from './page-cache.ts';

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
  readonly version: number;
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
  readonly cache: PageCache<Row>;
}

function nothing<Row>(key: string): Held<Row> {
  return { key, total: undefined, problem: undefined, cache: emptyCache<Row>(PAGE_SIZE, MAX_PAGES) };
}

export function usePaged<Row>(options: PagedOptions<Row>): PagedSource<Row> {
  const { key, version } = options;
  const [held, setHeld] = useState<Held<Row>>(() => nothing(key));
  const [round, setRound] = useState(0);
  const ref = useRef({ options, held, range: { first: 0, last: PAGE_SIZE - 1 }, asked: new Set<string>() });
  ref.current.options = options;
  const shown = held.key === key ? held : nothing<Row>(key);
  ref.current.held = shown;
  const stamp = version * 1_000 + round;

  const fetchMissing = useCallback((): void => {
    const { held: now, range, asked, options: question } = ref.current;
    if (now.problem !== undefined) return;
    for (const page of missingPages(now.cache, range.first, range.last, stamp)) {
      const mark = `${question.key} ${stamp} ${page}`;
      if (asked.has(mark) || asked.size >= MAX_PARALLEL) continue;
      asked.add(mark);
      const settle = (change: (was: Held<Row>) => Held<Row>): void => {
        asked.delete(mark);
        setHeld((was) => (question.key === ref.current.options.key ? change(was.key === question.key ? was : nothing(question.key)) : was));
      };
      question.load(page * PAGE_SIZE, PAGE_SIZE).then(
        ({ total, items }) =>
          settle((was) => ({
            key: question.key,
            total,
            problem: undefined,
            cache: withPage(was.cache, page, { rows: items, version: stamp }),
          })),
        (error: unknown) => settle((was) => ({ ...was, problem: question.asProblem(error) })),
      );
    }
  }, [stamp]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another key, a new state or an arrived page is the reason to look again
  useEffect(fetchMissing, [fetchMissing, key, held]);

  const want = useCallback(
    (first: number, last: number): void => {
      ref.current.range = { first, last };
      fetchMissing();
    },
    [fetchMissing],
  );
  const again = useCallback((): void => {
    setHeld((was) => ({ ...was, problem: undefined }));
    setRound((was) => was + 1);
  }, []);
  return useMemo(
    () => ({ total: shown.total, problem: shown.problem, at: (index: number) => rowAt(shown.cache, index), want, again }),
    [shown.total, shown.problem, shown.cache, want, again],
  );
}

/** Rows that are all here. */
export function useRows<Row>(rows: readonly Row[] | undefined): RowSource<Row> {
  return useMemo(() => ({ total: rows?.length, problem: undefined, at: (index: number) => rows?.[index], want: () => undefined }), [rows]);
}
