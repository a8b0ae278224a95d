// The review queue as the engine has it: all of it to look through, the part around the current record to work in; filters and place in the route.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useParams } from 'wouter';
import type { CallOutput } from '../../../preload/contract/index.ts';
import type { QueueItem } from '../../../preload/contract/conflicts.ts';
import { ask, useAsk, usePagedAsk } from '../../api.ts';
import type { Asked } from '../../api.ts';
import type { RowSource } from '../../ui/paged.ts';
import { go, useHashSearch, useQuery } from '../../hash-location.ts';
import { queueLayout } from '../../ui/queue-layout.ts';
import type { QueueLayout } from '../../ui/queue-layout.ts';
import { nextOpen, replacement } from './queue.ts';

/** Conflicts that are at hand to work in: around the current one. */
const WINDOW = 1000;
/** So near to an end of the window it moves on. */
const MARGIN = 100;

export interface Queue {
  readonly list: Asked<CallOutput<'conflicts.list'>>;
  /** The last answer; kept while another part of the queue is on its way. */
  readonly data: CallOutput<'conflicts.list'> | undefined;
  /** The part of the queue around the current record. */
  readonly items: readonly QueueItem[];
  /** How many conflicts of the queue stand before `items`. */
  readonly before: number;
  readonly layout: QueueLayout;
  /** Every conflict of the queue by its rank. */
  readonly source: RowSource<QueueItem>;
  readonly current: number | undefined;
  /** Where the current record stands in the queue, if that is known. */
  readonly rank: number | undefined;
  /** `rank` says where it is, where that is not among `items`. */
  readonly open: (id: number, rank?: number) => void;
  readonly fold: (group: string) => void;
  readonly filter: { readonly sync: string; readonly text: string; readonly field: string };
  readonly setSync: (sync: string) => void;
  readonly setText: (text: string) => void;
  readonly setField: (field: string) => void;
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
  const filter = { ...(sync === '' ? {} : { sync }), ...(text === '' ? {} : { text }), ...(field === '' ? {} : { field }) };
  const list = useAsk('conflicts.list', { offset, limit: WINDOW, ...filter });
  const kept = useRef({ data: list.data, offset });
  if (list.data !== undefined) kept.current = { data: list.data, offset };
  const { data, offset: before } = kept.current;
  const items = useMemo(() => data?.items ?? [], [data]);
  const layout = useMemo(() => queueLayout(data?.groups ?? [], folded), [data, folded]);
  const name = JSON.stringify(filter);
  const load = useCallback(
    (from: number, limit: number) => ask('conflicts.list', { offset: from, limit, ...(JSON.parse(name) as typeof filter) }),
    [name],
  );
  const source = usePagedAsk<QueueItem>(`queue ${name}`, load);
  const asked = params.id === undefined ? undefined : Number(params.id);
  // Without a place in the route the first one that needs a person is shown, and stays shown once it is decided.
  const chosen = useRef<number | undefined>(undefined);
  if (asked !== undefined) chosen.current = asked;
  else if (chosen.current === undefined || !items.some((item) => item.id === chosen.current))
    chosen.current = (nextOpen(items, undefined, isDecided) ?? items[0])?.id;
  const at = items.findIndex((item) => item.id === chosen.current);
  const last = before + items.length;
  const total = data?.total ?? 0;
  // The window goes along with the current record, so that it never stands at an end that is none.
  useEffect(() => {
    if (at >= items.length - MARGIN && at >= 0 && last < total) setOffset(before + WINDOW / 2);
    else if (at >= 0 && at < MARGIN && before > 0) setOffset(Math.max(0, before - WINDOW / 2));
  }, [at, items.length, before, last, total]);
  const earlier = useRef(items);
  useEffect(() => {
    if (items.length > 0) earlier.current = items;
  }, [items]);

  const open = (id: number, rank?: number): void => {
    if (rank !== undefined && (rank < before || rank >= last)) setOffset(Math.max(0, rank - WINDOW / 2));
    go(`/conflicts/${id}${search === '' ? '' : `?${search}`}`, { replace: true });
  };
  const leave = (): void => {
    const next = chosen.current === undefined ? undefined : replacement(earlier.current, items, chosen.current);
    if (next !== undefined && next.id !== chosen.current) open(next.id);
    else if (items.length === 0) go(`/conflicts${search === '' ? '' : `?${search}`}`, { replace: true });
  };
  return {
    list,
    data,
    items,
    before,
    layout,
    source,
    current: chosen.current,
    rank: at < 0 ? undefined : before + at,
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
    isSettled:
      list.data !== undefined &&
      !list.stale &&
      list.data.total <= WINDOW &&
      sync === '' &&
      text === '' &&
      field === '' &&
      !items.some((item) => item.id === chosen.current),
    leave,
  };
}
