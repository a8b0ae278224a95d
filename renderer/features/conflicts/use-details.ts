// The record on screen and the one after it, fetched ahead so that going on never waits.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { CallOutput } from '../../../preload/contract/index.ts';
import type { Problem } from '../../../preload/contract/errors.ts';
import { ask, asProblem, useTopic } from '../../api.ts';

export type Detail = CallOutput<'conflicts.get'>;

interface Entry {
  readonly stamp: string;
  readonly data: Detail | undefined;
  readonly problem: Problem | undefined;
}

export interface Details {
  readonly of: (id: number | undefined) => Detail | undefined;
  readonly problemOf: (id: number | undefined) => Problem | undefined;
  /** Asks again, also where nothing seems to have changed. */
  readonly again: () => void;
}

const MAX_KEPT = 30;

export function useDetails(wanted: readonly number[]): Details {
  const version = useTopic('changes')?.version ?? 0;
  const [round, setRound] = useState(0);
  const [entries, setEntries] = useState<ReadonlyMap<number, Entry>>(new Map());
  const asked = useRef(new Set<string>());
  const known = useRef(entries);
  known.current = entries;
  const stamp = `${version} ${round}`;
  const key = wanted.join(' ');
  useEffect(() => {
    for (const id of key === '' ? [] : key.split(' ').map(Number)) {
      const mark = `${id} ${stamp}`;
      if (known.current.get(id)?.stamp === stamp || asked.current.has(mark)) continue;
      asked.current.add(mark);
      const settle = (data: Detail | undefined, problem: Problem | undefined): void => {
        asked.current.delete(mark);
        setEntries((was) => {
          const next = new Map(was);
          next.delete(id);
          next.set(id, { stamp, data: data ?? was.get(id)?.data, problem });
          for (const old of next.keys()) if (next.size > MAX_KEPT) next.delete(old);
          return next;
        });
      };
      ask('conflicts.get', { id }).then(
        (data) => settle(data, undefined),
        (error: unknown) => settle(undefined, asProblem(error)),
      );
    }
  }, [key, stamp]);
  const again = useCallback(() => setRound((was) => was + 1), []);
  return {
    of: (id) => (id === undefined ? undefined : entries.get(id)?.data),
    problemOf: (id) => (id === undefined ? undefined : entries.get(id)?.problem),
    again,
  };
}
