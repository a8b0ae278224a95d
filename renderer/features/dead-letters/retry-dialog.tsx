// Confirms that all that failed alike are tried again, and says how many.
import type { ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { count, counted } from '../../ui/format.ts';
import type { LetterDetail } from './letter-pane.tsx';

export interface RetryDialogProps {
  readonly letter: LetterDetail;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

export function RetryDialog({ letter, onConfirm, onClose }: RetryDialogProps): ReactNode {
  return (
    <Dialog
      title={`Try ${counted(letter.alike, 'dead letter')} again?`}
      onClose={onClose}
      foot={
        <>
          <Button kind="quiet" onPress={onClose}>
            Cancel
          </Button>
          <span data-autofocus>
            <Button
              kind="primary"
              keys="Enter"
              onPress={() => {
                onClose();
                onConfirm();
              }}
            >
              Retry {count(letter.alike)}
            </Button>
          </span>
        </>
      }
    >
      <p>
        All that failed with “{letter.group}”. A run of {letter.syncTitle} begins; fresh changes are written first, then these.
      </p>
    </Dialog>
  );
}
