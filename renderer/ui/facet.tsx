// A filter with its count.
import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import type { IconName } from './icon.tsx';
import { count as formatCount } from './format.ts';

export interface FacetProps {
  readonly children: ReactNode;
  readonly count?: number | undefined;
  readonly icon?: IconName;
  readonly pressed: boolean;
  readonly onPress: () => void;
  readonly className?: string;
}

export function Facet({ children, count, icon, pressed, onPress, className = '' }: FacetProps): ReactNode {
  return (
    <button type="button" className={`facet ${className}`.trim()} aria-pressed={pressed} onClick={onPress}>
      {icon === undefined ? null : <Icon name={icon} small />}
      {children}
      {count === undefined ? null : <span className="num">{formatCount(count)}</span>}
    </button>
  );
}
