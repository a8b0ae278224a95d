// The review queue at the left: grouped by what is alike, foldable, filterable.
import { memo, useCallback, useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import type { QueueItem } from '../../../preload/contract/conflicts.ts';
import { age, count } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { Fold } from '../../ui/panel.tsx';
import type { RowSource } from '../../ui/paged.ts';
import { SearchField } from '../../ui/search-field.tsx';
import { useLatest } from '../../ui/use-latest.ts';
import { useNow } from '../../ui/use-now.ts';
import { useWindow } from '../../ui/use-window.ts';
import type { QueueLayout, QueueRow } from './queue.ts';

const icons: Readonly<Record<QueueItem['kind'], { readonly icon: IconName; readonly tone: string; readonly word: string }>> = {
  fields: { icon: 'conflict', tone: 'conflict', word: 'Conflict' },
  presence: { icon: 'delete', tone: 'delete', word: 'Update against delete' },
  match: { icon: 'copy', tone: 'conflict', word: 'Ambiguous match' },
};

/** Of every row of the queue. */
const ROW_PX = 44;

export interface QueuePanelProps {
  readonly layout: QueueLayout;
  readonly source: RowSource<QueueItem>;
  readonly current: number | undefined;
  /** Where the current record stands in the queue. */
  readonly rank: number | undefined;
  readonly isDecided: (item: QueueItem) => boolean;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onFold: (group: string) => void;
  readonly onOpen: (id: number, rank: number) => void;
  readonly fold: Fold;
}

export function QueuePanel(props: QueuePanelProps): ReactNode {
  const { layout, source, current, rank, isDecided, text, onText, onFold, onOpen, fold } = props;
  const now = useNow();
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
                <QueueEntry
                  key={key}
                  item={item}
                  rank={row.rank}
                  isCurrent={item.id === current}
                  isDone={isDecided(item)}
                  age={age(item.since, now)}
                  onOpen={open}
                />
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

interface QueueEntryProps {
  readonly item: QueueItem;
  readonly isCurrent: boolean;
  readonly isDone: boolean;
  readonly rank: number;
  /** In words. */
  readonly age: string;
  readonly onOpen: (id: number, rank: number) => void;
}

const QueueEntry = memo(({ item, rank, isCurrent, isDone, age: since, onOpen }: QueueEntryProps): ReactNode => {
  const mark = isDone ? ({ icon: 'check', tone: 'insync', word: 'Decided' } as const) : icons[item.kind];
  const [first, second, third, ...rest] = item.fields;
  const fields = [first, second, third].filter((field) => field !== undefined).join(', ') + (rest.length === 0 ? '' : ` +${rest.length}`);
  return (
    <button
      type="button"
      className={isDone ? 'queue__item queue__item--done' : 'queue__item'}
      tabIndex={-1}
      aria-current={isCurrent}
      onClick={() => onOpen(item.id, rank)}
    >
      <span className={mark.tone}>
        <Icon name={mark.icon} label={mark.word} />
      </span>
      <span className={isCurrent ? 'clip queue__name med' : 'clip queue__name'}>{item.label}</span>
      <span className="xs t3 num">{since}</span>
      <small className="clip">{item.kind === 'fields' ? fields : item.detail}</small>
    </button>
  );
});
