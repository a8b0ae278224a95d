// One conflict in the review queue.
import { memo } from 'react';
import type { ReactNode } from 'react';
import type { QueueItem } from '../../../preload/contract/conflicts.ts';
import { Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon.tsx';

const icons: Readonly<Record<QueueItem['kind'], { readonly icon: IconName; readonly tone: string; readonly word: string }>> = {
  fields: { icon: 'conflict', tone: 'conflict', word: 'Conflict' },
  presence: { icon: 'delete', tone: 'delete', word: 'Update against delete' },
  match: { icon: 'copy', tone: 'conflict', word: 'Ambiguous match' },
};

export interface ConflictEntryProps {
  readonly item: QueueItem;
  readonly isCurrent: boolean;
  readonly isDone: boolean;
  readonly rank: number;
  /** In words. */
  readonly age: string;
  readonly onOpen: (id: number, rank: number) => void;
}

export const ConflictEntry = memo(({ item, rank, isCurrent, isDone, age: since, onOpen }: ConflictEntryProps): ReactNode => {
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
