// Status: always an icon, a word and a colour; a badge is the same on a tint.
import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import type { IconName } from './icon.tsx';

/** The meanings that have a colour. */
export type Tone = 'create' | 'update' | 'delete' | 'conflict' | 'held' | 'failed' | 'insync' | 'idle';

export interface StatusProps {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly children: ReactNode;
  readonly title?: string;
}

export function Status({ tone, icon, children, title }: StatusProps): ReactNode {
  return (
    <span className={`st ${tone}`} title={title}>
      <Icon name={icon} small />
      {children}
    </span>
  );
}

export interface BadgeProps {
  readonly tone?: Tone;
  readonly icon?: IconName;
  readonly children: ReactNode;
  readonly title?: string;
}

export function Badge({ tone = 'idle', icon, children, title }: BadgeProps): ReactNode {
  return (
    <span className={`badge ${tone}`} title={title}>
      {icon === undefined ? null : <Icon name={icon} small />}
      {children}
    </span>
  );
}
