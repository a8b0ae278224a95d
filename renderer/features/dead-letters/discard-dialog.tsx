// Asks for the reason of a discard; it is kept with who gave it.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { ask } from '../../api.ts';
import { useAction } from '../../use-action.ts';
import { Button } from '../../ui/button.tsx';
import { Check } from '../../ui/check.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { count, counted } from '../../ui/format.ts';
import { useToast } from '../../ui/toast.tsx';
import type { LetterDetail } from './letter-pane.tsx';

export interface DiscardDialogProps {
  readonly letter: LetterDetail;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function DiscardDialog({ letter, onDone, onClose }: DiscardDialogProps): ReactNode {
  const toast = useToast();
  const [reason, setReason] = useState('');
  const [isAlike, setAlike] = useState(false);
  const [discard, isBusy] = useAction(async () => {
    const which = isAlike ? { alike: letter.id } : { ids: [letter.id] };
    const { count: many, ids } = await ask('deadLetters.discard', { which, reason });
    onClose();
    toast({
      message: `${counted(many, 'dead letter')} discarded.`,
      icon: 'cancelled',
      action: { label: 'Undo', run: () => void ask('deadLetters.reopen', { ids }) },
    });
    onDone();
  });
  const refusal = reason.trim() === '' ? 'Say why: the reason is kept' : undefined;
  return (
    <Dialog
      title={`Discard ${letter.label}?`}
      onClose={onClose}
      foot={
        <>
          <Button kind="quiet" onPress={onClose}>
            Keep it
          </Button>
          <Button kind="danger" busy={isBusy} disabledBecause={refusal} onPress={discard}>
            Discard {count(isAlike ? letter.alike : 1)}
          </Button>
        </>
      }
    >
      <form
        className="letter__reason"
        onSubmit={(event) => {
          event.preventDefault();
          if (refusal === undefined) discard();
        }}
      >
        <p>It is not tried again unless the record changes. The record itself stays as it is at every place.</p>
        <label className="letter__label">
          <span className="sm med">Reason</span>
          <input className="input" data-autofocus value={reason} onChange={(event) => setReason(event.target.value)} />
        </label>
        {letter.alike > 1 ? (
          <span className="row">
            <Check label={`All ${count(letter.alike)} that failed alike`} value={isAlike} onChange={setAlike} />
            All {count(letter.alike)} that failed alike
          </span>
        ) : null}
      </form>
    </Dialog>
  );
}
