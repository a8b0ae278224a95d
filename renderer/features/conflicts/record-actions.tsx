// What can be done with the conflict on screen; each button has its key on it.
import type { ReactNode } from 'react';
import type { QueueItem } from '../../../preload/contract/conflicts.ts';
import { ActionBar } from '../../ui/bars.tsx';
import { Button } from '../../ui/button.tsx';
import { count } from '../../ui/format.ts';
import { togetherRefusal } from './partners.ts';

export interface RecordActionsProps {
  readonly kind: QueueItem['kind'];
  /** There is nothing to decide at the cursor: Enter only goes on. */
  readonly goesOn: boolean;
  readonly isWholeDecided: boolean;
  readonly picked: ReadonlySet<number>;
  /** Conflicts that "all alike" would decide. */
  readonly many: number;
  readonly alikeRefusal: string | undefined;
  readonly alikeTitle: string;
  readonly onEnter: () => void;
  readonly onAlike: () => void;
  readonly onTogether: () => void;
  readonly onApart: () => void;
  readonly onUndo: () => void;
}

export function RecordActions(props: RecordActionsProps): ReactNode {
  return (
    <ActionBar>
      <Deciding {...props} />
      <span className="grow" />
      <span className="hint hide-m">Written with the next run</span>
      <Button kind="quiet" icon="undo" keys="u" className="hide-s" onPress={props.onUndo}>
        Undo
      </Button>
    </ActionBar>
  );
}

function Deciding(props: RecordActionsProps): ReactNode {
  const { kind, goesOn, isWholeDecided, picked, many, alikeRefusal, alikeTitle } = props;
  switch (kind) {
    case 'fields':
      return (
        <>
          <Button kind="primary" keys="Enter" onPress={props.onEnter}>
            {goesOn ? 'Next' : 'Decide, next field'}
          </Button>
          <Button keys="a" onPress={props.onAlike} disabledBecause={alikeRefusal} title={alikeTitle}>
            Apply to all alike ({count(many)})
          </Button>
        </>
      );
    case 'match':
      return (
        <>
          <Button kind="primary" keys="Enter" onPress={props.onTogether} disabledBecause={togetherRefusal(picked)}>
            One record ({count(picked.size)} rows)
          </Button>
          <Button keys="n" onPress={props.onApart}>
            Keep apart
          </Button>
        </>
      );
    case 'presence':
      return (
        <Button
          kind="primary"
          keys="Enter"
          onPress={props.onEnter}
          disabledBecause={isWholeDecided ? undefined : 'Keep or delete first: 1 or 2.'}
        >
          Next record
        </Button>
      );
  }
}
