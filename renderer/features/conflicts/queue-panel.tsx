// The review queue at the left: grouped by what is alike, foldable, filterable.
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import type { QueueItem } from '../../../preload/contract/conflicts.ts';
import { Button } from '../../ui/button.tsx';
import { age, count } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { Fold } from '../../ui/panel.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { useNow } from '../../ui/use-now.ts';
import type { QueueRow } from './queue.ts';

const icons: Readonly<Record<QueueItem['kind'], { readonly icon: IconName; readonly tone: string; readonly word: string }>> = {
  fields: { icon: 'conflict', tone: 'conflict', word: 'Conflict' },
  presence: { icon: 'delete', tone: 'delete', word: 'Update against delete' },
  match: { icon: 'copy', tone: 'conflict', word: 'Ambiguous match' },
};

export interface QueuePanelProps {
  readonly rows: readonly QueueRow[];
  readonly current: number | undefined;
  readonly isDecided: (item: QueueItem) => boolean;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onFold: (group: string) => void;
  readonly onOpen: (id: number) => void;
  readonly fold: Fold;
  /** Where the queue is longer than what is loaded. */
  readonly more:
    | { readonly from: number; readonly to: number; readonly total: number; readonly onEarlier?: () => void; readonly onLater?: () => void }
    | undefined;
}

export function QueuePanel(props: QueuePanelProps): ReactNode {
  const { rows, current, isDecided, text, onText, onFold, onOpen, fold, more } = props;
  const now = useNow();
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another record is the reason to scroll
  useEffect(() => {
    list.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <Panel
      label="Queue"
      side="left"
      fold={fold}
      className="queue"
      head={<SearchField label="Filter queue" value={text} onChange={onText} width={240} className="grow" />}
    >
      <div ref={list} className="queue__list" data-pane="queue">
        {rows.length === 0 ? <p className="queue__none t3 sm">Nothing matches the filter.</p> : null}
        {rows.map((row) =>
          row.kind === 'group' ? (
            <button
              type="button"
              className="queue__group"
              key={`g ${row.group}`}
              aria-expanded={row.isOpen}
              onClick={() => onFold(row.group)}
            >
              <Icon name={row.isOpen ? 'chevron-down' : 'chevron-right'} />
              <span className="clip">{row.group}</span>
              <span className="num">{count(row.count)}</span>
            </button>
          ) : (
            <QueueEntry
              key={row.item.id}
              item={row.item}
              isCurrent={row.item.id === current}
              isDone={isDecided(row.item)}
              now={now}
              onOpen={onOpen}
            />
          ),
        )}
        {more === undefined ? null : (
          <div className="queue__more">
            <span className="t3 xs num">
              {count(more.from)} to {count(more.to)} of {count(more.total)}
            </span>
            {more.onEarlier === undefined ? null : (
              <Button small kind="quiet" onPress={more.onEarlier}>
                Earlier
              </Button>
            )}
            {more.onLater === undefined ? null : (
              <Button small kind="quiet" onPress={more.onLater}>
                Further
              </Button>
            )}
          </div>
        )}
      </div>
    </Panel>
  );
}

interface QueueEntryProps {
  readonly item: QueueItem;
  readonly isCurrent: boolean;
  readonly isDone: boolean;
  readonly now: number;
  readonly onOpen: (id: number) => void;
}

function QueueEntry({ item, isCurrent, isDone, now, onOpen }: QueueEntryProps): ReactNode {
  const mark = isDone ? ({ icon: 'check', tone: 'insync', word: 'Decided' } as const) : icons[item.kind];
  const [first, second, third, ...rest] = item.fields;
  const fields = [first, second, third].filter((field) => field !== undefined).join(', ') + (rest.length === 0 ? '' : ` +${rest.length}`);
  return (
    <button
      type="button"
      className={isDone ? 'queue__item queue__item--done' : 'queue__item'}
      tabIndex={-1}
      aria-current={isCurrent}
      onClick={() => onOpen(item.id)}
    >
      <span className={mark.tone}>
        <Icon name={mark.icon} label={mark.word} />
      </span>
      <span className={isCurrent ? 'clip queue__name med' : 'clip queue__name'}>{item.label}</span>
      <span className="xs t3 num">{age(item.since, now)}</span>
      <small className="clip">{item.kind === 'fields' ? fields : item.detail}</small>
    </button>
  );
}
