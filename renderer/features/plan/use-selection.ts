// The ticks of the plan screen: by key, by pointer with Shift, and all that are listed at once.
import { useMemo, useRef, useState } from 'react';
import type { PlanItem } from '../../../preload/contract/runs.ts';
import { isWrite } from './items.ts';
import { allTicked, headState, isTicked, noneTicked, tick, tickedCount, toggle } from './selection.ts';
import type { Selection } from './selection.ts';

export interface SelectionOptions {
  readonly writes: number;
  /** Ids of the writes that the filter lists; absent where nothing is filtered. */
  readonly listed: (() => Promise<readonly number[]>) | undefined;
  readonly at: (index: number) => PlanItem | undefined;
  readonly onFail: (error: unknown) => void;
}

export interface Ticks {
  readonly selection: Selection;
  readonly ticked: number;
  readonly head: boolean | 'mixed';
  readonly isTicked: (id: number) => boolean;
  readonly toggleAt: (item: PlanItem, index: number) => void;
  readonly extendTo: (item: PlanItem, index: number) => void;
  readonly click: (item: PlanItem, index: number, extend: boolean) => void;
  readonly setAll: (value: boolean) => void;
}

export function useSelection(options: SelectionOptions): Ticks {
  const [selection, setSelection] = useState<Selection>(allTicked);
  const anchor = useRef(0);
  const latest = useRef(options);
  latest.current = options;
  const { writes } = options;
  return useMemo(() => {
    const toggleAt = (item: PlanItem, index: number): void => {
      anchor.current = index;
      setSelection((was) => toggle(was, item.id));
    };
    // Every write between the last ticked row and this one becomes as that one is; rows that are not loaded are left alone.
    const extendTo = (_item: PlanItem, index: number): void => {
      const ids: number[] = [];
      const first = latest.current.at(anchor.current);
      for (let at = Math.min(anchor.current, index); at <= Math.max(anchor.current, index); at++) {
        const row = latest.current.at(at);
        if (row !== undefined && isWrite(row.kind)) ids.push(row.id);
      }
      if (first !== undefined) setSelection((was) => tick(was, ids, isTicked(was, first.id)));
    };
    const setAll = (value: boolean): void => {
      const { listed, onFail } = latest.current;
      if (listed === undefined) setSelection(value ? allTicked : noneTicked);
      else listed().then((ids) => setSelection((was) => tick(was, ids, value)), onFail);
    };
    return {
      selection,
      ticked: tickedCount(selection, writes),
      head: headState(selection, writes),
      isTicked: (id) => isTicked(selection, id),
      toggleAt,
      extendTo,
      click: (item, index, extend) => (extend ? extendTo(item, index) : toggleAt(item, index)),
      setAll,
    };
  }, [selection, writes]);
}
