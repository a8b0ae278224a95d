// Buttons: one primary per screen; the key that does the same stands on the button.
import type { ReactNode, Ref } from 'react';
import { Icon } from './icon.tsx';
import type { IconName } from './icon.tsx';
import { Kbd } from './kbd.tsx';

export interface ButtonProps {
  readonly children: ReactNode;
  readonly kind?: 'plain' | 'primary' | 'quiet' | 'danger';
  readonly small?: boolean;
  readonly icon?: IconName;
  readonly keys?: string;
  /** Why it cannot be pressed now: the button is disabled and says so. */
  readonly disabledBecause?: string | undefined;
  /** Shows that it works; it cannot be pressed again. */
  readonly busy?: boolean;
  readonly pressed?: boolean;
  readonly title?: string;
  readonly onPress: () => void;
  readonly ref?: Ref<HTMLButtonElement>;
  readonly className?: string;
  /** Sends the form that it stands in. */
  readonly submits?: boolean;
}

/** The classes of a button, for links that look like one. */
export function buttonClass(kind: ButtonProps['kind'] = 'plain', small = false, className = ''): string {
  const kinds = kind === 'danger' ? 'btn--quiet btn--danger' : kind === 'plain' ? '' : `btn--${kind}`;
  return ['btn', kinds, small ? 'btn--sm' : '', className].filter((part) => part !== '').join(' ');
}

/** A disabled button keeps its focus and says why in its title. */
export function Button(props: ButtonProps): ReactNode {
  const {
    children,
    kind = 'plain',
    small = false,
    icon,
    keys,
    disabledBecause,
    busy = false,
    pressed,
    title,
    onPress,
    ref,
    className,
    submits = false,
  } = props;
  const isOff = disabledBecause !== undefined || busy;
  return (
    <button
      type={submits ? 'submit' : 'button'}
      ref={ref}
      className={buttonClass(kind, small, className)}
      aria-disabled={isOff || undefined}
      aria-busy={busy || undefined}
      aria-pressed={pressed}
      title={disabledBecause ?? title}
      onClick={(event) => {
        if (isOff) event.preventDefault();
        else onPress();
      }}
    >
      {busy ? <Icon name="running" small /> : icon === undefined ? null : <Icon name={icon} small />}
      {children}
      {keys === undefined ? null : <Kbd keys={keys} />}
    </button>
  );
}

export interface IconButtonProps {
  readonly icon: IconName;
  readonly label: string;
  readonly onPress: () => void;
  readonly small?: boolean;
  readonly kind?: 'plain' | 'quiet';
  readonly pressed?: boolean;
  readonly className?: string;
}

export function IconButton({ icon, label, onPress, small = false, kind = 'quiet', pressed, className = '' }: IconButtonProps): ReactNode {
  return (
    <button
      type="button"
      className={buttonClass(kind, small, `btn--icon ${className}`.trim())}
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      onClick={onPress}
    >
      <Icon name={icon} small={small} />
    </button>
  );
}
