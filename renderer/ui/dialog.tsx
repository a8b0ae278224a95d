// A dialog: only to confirm what touches more than one record, or to ask for a reason. The rest of the window waits.
import { useEffect, useId, useRef } from 'react';
import type { ReactNode } from 'react';
import { InDialogContext } from './keys.tsx';
import { useLatest } from './use-latest.ts';

export interface DialogProps {
  readonly title: string;
  readonly children: ReactNode;
  /** Buttons, the safe one first. */
  readonly foot?: ReactNode;
  readonly onClose: () => void;
  readonly wide?: boolean;
  /** Without head and padding, for lists that bring their own. */
  readonly bare?: boolean;
}

/** Open for as long as it is rendered. Focus starts on `[data-autofocus]` or the first control, stays inside and returns. */
export function Dialog({ title, children, foot, onClose, wide = false, bare = false }: DialogProps): ReactNode {
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const latest = useLatest(onClose);
  useEffect(() => {
    const dialog = ref.current;
    if (dialog === null) return;
    const before = document.activeElement;
    const cancel = (event: Event): void => {
      event.preventDefault();
      latest.current();
    };
    const click = (event: MouseEvent): void => {
      if (event.target === dialog) latest.current();
    };
    dialog.addEventListener('cancel', cancel);
    dialog.addEventListener('click', click);
    dialog.showModal();
    const wanted = dialog.querySelector<HTMLElement>('[data-autofocus] button') ?? dialog.querySelector<HTMLElement>('[data-autofocus]');
    wanted?.focus();
    return () => {
      dialog.removeEventListener('cancel', cancel);
      dialog.removeEventListener('click', click);
      dialog.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [latest]);
  return (
    <InDialogContext value={true}>
      <dialog ref={ref} className={wide ? 'dialog dialog--wide' : 'dialog'} aria-labelledby={heading}>
        <div className="dialog__box">
          <div className={bare ? 'sr' : 'dialog__head'}>
            <h2 id={heading}>{title}</h2>
          </div>
          <div className={bare ? '' : 'dialog__body'}>{children}</div>
          {foot === undefined ? null : <div className="dialog__foot">{foot}</div>}
        </div>
      </dialog>
    </InDialogContext>
  );
}
