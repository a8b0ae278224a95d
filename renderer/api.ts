// How a screen asks the engine and the shell: typed questions, answers that stay fresh, and streams.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { CallInput, CallName, CallOutput, KantoBridge } from '../preload/contract/index.ts';
import type { Problem } from '../preload/contract/errors.ts';
import { questionKey, useVersion, useWindowState } from './state.ts';
import type { Topics } from './state.ts';
import { usePaged } from './ui/paged.ts';
import type { LoadedPage, PagedSource } from './ui/paged.ts';
import { useLatest } from './ui/use-latest.ts';

declare global {
  interface Window {
    readonly kanto: KantoBridge;
  }
}

/** A refused question. `problem` says what happened and what to do. */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.message);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

/** Turns whatever was thrown into something a person can read. */
export function asProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return {
    code: 'window-unexpected',
    message: 'The window could not finish this.',
    remedy: 'Try again. If it happens again, restart the application; nothing that was saved is lost.',
    recovery: 'retry',
    detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}

/** Asks once. Throws `ProblemError` when the question is refused. */
export async function ask<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<CallOutput<Name>> {
  const answer = await window.kanto.call(name, input);
  if (!answer.ok) throw new ProblemError(answer.problem);
  return answer.value;
}

export interface Asked<T> {
  /** The last good answer to this question; kept while a newer one is on its way. */
  readonly data: T | undefined;
  readonly problem: Problem | undefined;
  /** Nothing is known yet. */
  readonly loading: boolean;
  /** `data` is older than it should be: the last try to renew it failed. */
  readonly stale: boolean;
  readonly again: () => void;
}

interface Held<T> {
  readonly key: string;
  readonly data: T | undefined;
  readonly problem: Problem | undefined;
}

type Settled<T> = { readonly data: T; readonly problem: undefined } | { readonly problem: Problem };

async function answerTo<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<Settled<CallOutput<Name>>> {
  try {
    return { data: await ask(name, input), problem: undefined };
  } catch (error) {
    return { problem: asProblem(error) };
  }
}

/**
 * Asks when the input changes and again whenever the engine says that lists may be stale. `null` asks nothing. Questions never
 * pile up: while one is under way, the next is asked once after it.
 */
export function useAsk<Name extends CallName>(name: Name, input: CallInput<Name> | null): Asked<CallOutput<Name>> {
  const key = input === null ? '' : questionKey(name, input);
  const version = useVersion();
  const ahead = useWindowState((state) => (state.ahead.version === version ? state.ahead.answers.get(key) : undefined));
  const [held, setHeld] = useState<Held<CallOutput<Name>>>(() =>
    ahead === undefined ? { key: '', data: undefined, problem: undefined } : { key, data: ahead as CallOutput<Name>, problem: undefined },
  );
  const [round, setRound] = useState(0);
  const latest = useLatest({ input, key, stamp: `${key} ${version} ${round}` });
  const working = useRef(false);

  const run = useCallback(async (): Promise<void> => {
    if (working.current) return;
    working.current = true;
    let asked = latest.current;
    do {
      asked = latest.current;
      if (asked.input === null) break;
      const answer = await answerTo(name, asked.input);
      const { key: answered } = asked;
      if (latest.current.key === answered)
        setHeld((was) => ({ data: was.key === answered ? was.data : undefined, ...answer, key: answered }));
    } while (latest.current.stamp !== asked.stamp);
    working.current = false;
  }, [name, latest]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another question or a newer state is the reason to ask
  useEffect(() => {
    // oxlint-disable-next-line react/set-state-in-effect -- the state is set when the answer is there, not in the effect
    if (key !== '') void run();
  }, [key, version, round, run]);

  const again = useCallback(() => setRound((was) => was + 1), []);
  if (key === '' || held.key !== key) return { data: undefined, problem: undefined, loading: key !== '', stale: false, again };
  return {
    data: held.data,
    problem: held.problem,
    loading: false,
    stale: held.data !== undefined && held.problem !== undefined,
    again,
  };
}

/**
 * Asks a long question once, when the component appears, and never anew; `null`: not at all. Such an answer is of its moment, and a change
 * elsewhere is no reason to ask again.
 */
export function useAskOnce<Name extends CallName>(
  name: Name,
  input: CallInput<Name> | null,
): { readonly data?: CallOutput<Name>; readonly problem?: Problem } {
  const [answer, setAnswer] = useState<{ data?: CallOutput<Name>; problem?: Problem }>({});
  const [question] = useState(input);
  useEffect(() => {
    if (question === null) return undefined;
    let isShown = true;
    ask(name, question).then(
      (data) => (isShown ? setAnswer({ data }) : undefined),
      (error: unknown) => (isShown ? setAnswer({ problem: asProblem(error) }) : undefined),
    );
    return () => {
      isShown = false;
    };
  }, [name, question]);
  return answer;
}

/** The latest message of a stream; `undefined` before the first. */
export function useTopic<Name extends keyof Topics>(name: Name): Topics[Name] | undefined {
  return useWindowState((state) => state.topics[name]);
}

/**
 * A long list by pages, for `VirtualTable`. `key` names the question (filters); `load` fetches one page. Pages are fetched again when
 * the engine says that lists may be stale; until they arrive the old rows stay.
 */
export function usePagedAsk<Row>(key: string, load: (offset: number, limit: number) => Promise<LoadedPage<Row>>): PagedSource<Row> {
  const version = useVersion();
  return usePaged({ key, version, load, asProblem });
}
