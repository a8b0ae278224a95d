// Toasts: what was done and how many, with Undo or the next step. One at a time, announced politely.
import { Toast as Primitive } from 'radix-ui';
import { createContext, useCallback, useContext, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { Button, IconButton } from './button.tsx';
import { Icon } from './icon.tsx';
import type { IconName } from './icon.tsx';
import type { Tone } from './status.tsx';

const SHOWN_MS = 8_000;

export interface ToastContent {
  readonly message: ReactNode;
  readonly icon?: IconName;
  readonly tone?: Tone;
  /** Undo, or the next step. `keys` are shown only; the screen binds them. */
  readonly action?: { readonly label: string; readonly keys?: string; readonly run: () => void } | undefined;
}

interface Shown extends ToastContent {
  readonly id: number;
}

const ToastContext = createContext<((content: ToastContent) => void) | undefined>(undefined);

/** Shows a toast; it replaces the one on screen. */
export function useToast(): (content: ToastContent) => void {
  const show = useContext(ToastContext);
  if (show === undefined) throw new Error('ToastProvider is missing around this screen.');
  return show;
}

export function ToastProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [shown, setShown] = useState<Shown | undefined>(undefined);
  const show = useCallback((content: ToastContent) => setShown((was) => ({ ...content, id: (was?.id ?? 0) + 1 })), []);
  const close = useCallback(() => setShown(undefined), []);
  const toast = useMemo(() => (shown === undefined ? null : <ToastView key={shown.id} toast={shown} close={close} />), [shown, close]);
  return (
    <ToastContext value={show}>
      <Primitive.Provider duration={SHOWN_MS} label="Message">
        {children}
        {toast}
        <Primitive.Viewport className="toasts" />
      </Primitive.Provider>
    </ToastContext>
  );
}

function ToastView({ toast, close }: { readonly toast: Shown; readonly close: () => void }): ReactNode {
  const { message, icon, tone = 'idle', action } = toast;
  return (
    <Primitive.Root className="toast" type="background" onOpenChange={(open) => (open ? undefined : close())}>
      {icon === undefined ? null : (
        <span className={tone}>
          <Icon name={icon} />
        </span>
      )}
      <Primitive.Description className="grow">{message}</Primitive.Description>
      {action === undefined ? null : (
        <Primitive.Action altText={action.label} asChild>
          <span>
            <Button
              small
              onPress={() => {
                action.run();
                close();
              }}
              {...(action.keys === undefined ? {} : { keys: action.keys })}
            >
              {action.label}
            </Button>
          </span>
        </Primitive.Action>
      )}
      <IconButton icon="x" label="Dismiss" small onPress={close} />
    </Primitive.Root>
  );
}
