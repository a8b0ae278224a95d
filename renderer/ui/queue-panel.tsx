// A queue at the left of a screen: grouped by what is alike, foldable, filterable, however long.
import { Fragment, useCallback, useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { count } from './format.ts';
import { Icon } from './icon.tsx';
import { Panel } from './panel.tsx';
import type { Fold } from './panel.tsx';
import type { RowSource } from './paged.ts';
import { SearchField } from './search-field.tsx';
import { useLatest } from './use-latest.ts';
import { useWindow } from './use-window.ts';
import type { QueueLayout, QueueRow } from './queue-layout.ts';
import './queue-panel.css';

/** Of every row of the queue. */
const ROW_PX = 44;

export interface QueueEntryProps<Item> {
  readonly item: Item;
  readonly isCurrent: boolean;
  readonly rank: number;
  readonly onOpen: (id: number, rank: number) => void;
}

export interface QueuePanelProps<Item> {
  readonly layout: QueueLayout;
  readonly source: RowSource<Item>;
  readonly current: number | undefined;
  /** Where the current item stands in the queue. */
  readonly rank: number | undefined;
  readonly entry: (props: QueueEntryProps<Item>) => ReactNode;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onFold: (group: string) => void;
  readonly onOpen: (id: number, rank: number) => void;
  readonly fold: Fold;
}

export function QueuePanel<Item extends { readonly id: number }>(props: QueuePanelProps<Item>): ReactNode {
  const { layout, source, current, rank, entry, text, onText, onFold, onOpen, fold } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const shown = useWindow({ scroller, total: layout.total, rowHeight: ROW_PX, headPx: 0 });
  const { first, last, most, reveal, restart } = shown;
  const { want, name } = source;
  const rows = Array.from({ length: last - first + 1 }, (_, at) => layout.at(first + at));
  const ranks = rows.flatMap((row) => (row?.kind === 'item' ? [row.rank] : []));
  const firstRank = ranks[0] ?? 0;
  const lastRank = ranks.at(-1) ?? 0;
  useEffect(() => want(firstRank, lastRank), [want, firstRank, lastRank]);
  const place = rank === undefined ? undefined : layout.rowOf(rank);
  const latest = useLatest(onOpen);
  const open = useCallback((id: number, at: number): void => latest.current(id, at), [latest]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another queue is the reason to begin at its top
  useEffect(restart, [restart, name]);
  const isPlaced = place !== undefined;
  const standing = useLatest(place);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another record is the reason to scroll, another layout is not
  useEffect(() => {
    if (standing.current !== undefined) reveal(standing.current);
  }, [current, isPlaced, standing, reveal]);
  return (
    <Panel
      label="Queue"
      side="left"
      fold={fold}
      className="queue"
      head={<SearchField label="Filter queue" value={text} onChange={onText} width={240} className="grow" />}
    >
      <div ref={scroller} className="queue__list" data-pane="queue">
        {layout.total === 0 ? <p className="queue__none t3 sm">Nothing matches the filter.</p> : null}
        <div className="queue__body" style={{ height: shown.height }}>
          <div className="queue__rows" style={{ top: shown.top }}>
            {rows.map((row, at) => {
              const key = (first + at) % most;
              if (row === undefined) return null;
              if (row.kind === 'group') return <GroupHead key={key} row={row} onFold={onFold} />;
              const item = source.at(row.rank);
              return item === undefined ? (
                <div key={key} className="queue__item" aria-busy="true">
                  <span className="skeleton queue__wait" />
                </div>
              ) : (
                <Fragment key={key}>{entry({ item, rank: row.rank, isCurrent: item.id === current, onOpen: open })}</Fragment>
              );
            })}
          </div>
        </div>
      </div>
    </Panel>
  );
}

function GroupHead({ row, onFold }: { readonly row: QueueRow & { kind: 'group' }; readonly onFold: (group: string) => void }): ReactNode {
  return (
    <button type="button" className="queue__group" aria-expanded={row.isOpen} onClick={() => onFold(row.group)}>
      <Icon name={row.isOpen ? 'chevron-down' : 'chevron-right'} />
      <span className="clip">{row.group}</span>
      <span className="num">{count(row.count)}</span>
    </button>
  );
}
