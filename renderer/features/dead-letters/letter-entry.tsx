// One dead letter in the queue.
import { memo } from 'react';
import type { ReactNode } from 'react';
import type { Letter } from '../../../preload/contract/dead-letters.ts';
import { age, counted } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import type { QueueEntryProps } from '../../ui/queue-panel.tsx';

export const LetterEntry = memo(
  ({ item, isCurrent, rank, onOpen, now }: QueueEntryProps<Letter> & { readonly now: number }): ReactNode => (
    <button type="button" className="queue__item" tabIndex={-1} aria-current={isCurrent} onClick={() => onOpen(item.id, rank)}>
      <span className={item.state === 'retry' ? 'idle' : 'failed'}>
        <Icon
          name={item.state === 'retry' ? 'retry' : item.state === 'discarded' ? 'cancelled' : 'letter'}
          label={item.state === 'retry' ? 'Tried by the next run' : item.state === 'discarded' ? 'Discarded' : 'Dead letter'}
        />
      </span>
      <span className={isCurrent ? 'clip queue__name med' : 'clip queue__name'}>{item.label}</span>
      <span className="xs t3 num">{age(item.since, now)}</span>
      <small className="clip">
        {item.syncTitle} · {counted(item.attempts, 'attempt')}
      </small>
    </button>
  ),
);
