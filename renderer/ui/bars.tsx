// The bars of a screen: title and actions above, one notice below it, the decision at the bottom.
import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import type { IconName } from './icon.tsx';

export interface ScreenBarProps {
  readonly title: ReactNode;
  /** State and filters, left. */
  readonly children?: ReactNode;
  /** Right. */
  readonly actions?: ReactNode;
}

export function ScreenBar({ title, children, actions }: ScreenBarProps): ReactNode {
  return (
    <div className="toolbar">
      <h1 className="clip">{title}</h1>
      {children}
      <span className="grow" />
      {actions}
    </div>
  );
}

export interface NoticeProps {
  readonly tone: 'held' | 'failed' | 'accent';
  readonly icon: IconName;
  /** What, in medium weight. */
  readonly what: ReactNode;
  /** The consequence. */
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

/** Under the screen bar, as long as it needs to say what to do. At most one; the worst wins. */
export function Notice({ tone, icon, what, children, action }: NoticeProps): ReactNode {
  return (
    <div className={`notice ${tone}`} role={tone === 'failed' ? 'alert' : 'status'}>
      <Icon name={icon} />
      <span className="notice__words">
        <b className="med">{what}</b> {children}
      </span>
      <span className="grow" />
      {action}
    </div>
  );
}

/** Where one thing is decided: the primary action left, quiet ones right (put a `grow` between). */
export function ActionBar({ children, label = 'Actions' }: { readonly children: ReactNode; readonly label?: string }): ReactNode {
  return (
    <div className="actionbar" role="toolbar" aria-label={label}>
      {children}
    </div>
  );
}
