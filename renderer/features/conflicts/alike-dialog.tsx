// Confirms a decision that touches more than one record, and says how many.
import type { ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { count, counted } from '../../ui/format.ts';

export interface AlikeDialogProps {
  readonly many: number;
  readonly field: string;
  /** An endpoint or `base`. */
  readonly column: string;
  readonly group: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

export function AlikeDialog({ many, field, column, group, onConfirm, onClose }: AlikeDialogProps): ReactNode {
  return (
    <Dialog
      title={`Decide ${counted(many, 'conflict')}?`}
      onClose={onClose}
      foot={
        <>
          <Button kind="quiet" onPress={onClose}>
            Cancel
          </Button>
          <span data-autofocus>
            <Button kind="primary" keys="Enter" onPress={onConfirm}>
              Decide {count(many)}
            </Button>
          </span>
        </>
      }
    >
      <p>
        <b className="med">{field}</b> is taken from <b className="med">{column === 'base' ? 'the last agreed value' : column}</b> in every
        open conflict of “{group}”. Each can be undone until the next run writes it.
      </p>
    </Dialog>
  );
}
