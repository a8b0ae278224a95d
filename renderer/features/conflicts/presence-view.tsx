// A record that was deleted at one place and changed at another: does it live?
import type { ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { Status } from '../../ui/status.tsx';
import type { Detail } from './use-details.ts';

export interface PresenceViewProps {
  readonly detail: Detail;
  /** What is decided, if anything is. */
  readonly keep: boolean | undefined;
  readonly refusal: string | undefined;
  readonly onDecide: (keep: boolean) => void;
}

export function PresenceView({ detail, keep, refusal, onDecide }: PresenceViewProps): ReactNode {
  const deletedAt = detail.presence?.deletedAt.join(', ') ?? '';
  const changedAt = detail.presence?.changedAt ?? [];
  return (
    <section className="verdict" aria-label="Keep or delete">
      <div className="grow">
        <p>
          <b className="med">Deleted at {deletedAt}</b>
          {changedAt.length === 0 ? '.' : `, changed at ${changedAt.join(', ')}.`} Nothing of this record is written until you decide.
        </p>
        <p className="sm t2">
          Keep creates it again at {deletedAt} from the values below. Delete removes it everywhere; the values stay in the history.
        </p>
        {refusal === undefined ? null : (
          <p className="field-error" role="alert">
            {refusal}
          </p>
        )}
      </div>
      {keep === undefined ? null : (
        <Status tone={keep ? 'insync' : 'delete'} icon={keep ? 'check' : 'delete'}>
          {keep ? 'Keep, with the next run' : 'Delete, with the next run'}
        </Status>
      )}
      <Button keys="1" pressed={keep === true} onPress={() => onDecide(true)}>
        Keep
      </Button>
      <Button kind="danger" keys="2" pressed={keep === false} onPress={() => onDecide(false)}>
        Delete everywhere
      </Button>
    </section>
  );
}
