// The review queue as the engine has it, one window of it at a time, with filters and place kept in the route.
import { useEffect, useMemo, useRef, useState } from 'react';
import { useParams } from 'wouter';
import type { CallOutput } from '../../../preload/contract/index.ts';
import type { QueueItem } from '../../../preload/contract/conflicts.ts';
import { useAsk } from '../../api.ts';
import type { Asked } from '../../api.ts';
import { go, useHashSearch, useQuery } from '../../hash-location.ts';
import { nextOpen, queueRows, replacement } from './queue.ts';
import type { QueueRow } from './queue.ts';

/** Conflicts fetched at once; a longer queue is walked window by window. */
const WINDOW = 1000;

export interface Queue {
  readonly list: Asked<CallOutput<'conflicts.list'>>;
  readonly items: readonly QueueItem[];
  readonly rows: readonly QueueRow[];
  readonly current: number | undefined;
  readonly open: (id: number) => void;
  readonly fold: (group: string) => void;
  readonly filter: { readonly sync: string; readonly text: string; readonly field: string };
  readonly setSync: (sync: string) => void;
  readonly setText: (text: string) => void;
  readonly setField: (field: string) => void;
  readonly offset: number;
  readonly setOffset: (offset: number) => void;
  readonly window: number;
  /** The whole queue is here and the current record is not in it: a run has settled it. */
  readonly isSettled: boolean;
  /** The current record is gone from the engine: show what stands in its place. */
  readonly leave: () => void;
}

export function useQueue(isDecided: (item: QueueItem) => boolean): Queue {
  const params = useParams<{ readonly id?: string }>();
  const search = useHashSearch();
  const [sync, setSync] = useQuery('sync');
  const [text, setText] = useQuery('text');
  const [field, setField] = useQuery('field');
  const [offset, setOffset] = useState(0);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const list = useAsk('conflicts.list', {
    offset,
    limit: WINDOW,
    ...(sync === '' ? {} : { sync }),
    ...(text === '' ? {} : { text }),
    ...(field === '' ? {} : { field }),
  });
  const data = list.data;
  const items = useMemo(() => data?.items ?? [], [data]);
  const rows = useMemo(() => queueRows(data?.groups ?? [], items, folded), [data, items, folded]);
  const asked = params.id === undefined ? undefined : Number(params.id);
  // Without a place in the route the first one that needs a person is shown, and stays shown once it is decided.
  const chosen = useRef<number | undefined>(undefined);
  if (asked !== undefined) chosen.current = asked;
  else if (chosen.current === undefined || !items.some((item) => item.id === chosen.current))
    chosen.current = (nextOpen(items, undefined, isDecided) ?? items[0])?.id;
  const before = useRef(items);
  useEffect(() => {
    if (items.length > 0) before.current = items;
  }, [items]);

  const open = (id: number): void => go(`/conflicts/${id}${search === '' ? '' : `?${search}`}`, { replace: true });
  const leave = (): void => {
    const next = chosen.current === undefined ? undefined : replacement(before.current, items, chosen.current);
    if (next !== undefined && next.id !== chosen.current) open(next.id);
    else if (items.length === 0) go(`/conflicts${search === '' ? '' : `?${search}`}`, { replace: true });
  };
  return {
    list,
    items,
    rows,
    current: chosen.current,
    open,
    fold: (group) =>
      setFolded((was) => {
        const next = new Set(was);
        if (!next.delete(group)) next.add(group);
        return next;
      }),
    filter: { sync, text, field },
    setSync: (value) => {
      setOffset(0);
      setSync(value);
    },
    setText: (value) => {
      setOffset(0);
      setText(value);
    },
    setField: (value) => {
      setOffset(0);
      setField(value);
    },
    offset,
    setOffset,
    window: WINDOW,
    isSettled:
      data !== undefined &&
      !list.stale &&
      data.total <= WINDOW &&
      sync === '' &&
      text === '' &&
      field === '' &&
      !items.some((item) => item.id === chosen.current),
    leave,
  };
}
