// A number, or a few words with one, that opens the rows behind it.
import type { ReactNode } from 'react';
import './figure.css';

export interface FigureProps {
  readonly children: ReactNode;
  readonly onPress: () => void;
  /** It filters, and the filter is on. */
  readonly pressed?: boolean;
  /** Looks like a link: for words at the end of a notice. */
  readonly link?: boolean;
}

export function Figure({ children, onPress, pressed, link = false }: FigureProps): ReactNode {
  return (
    <button type="button" className={link ? 'figure figure--link' : 'figure'} aria-pressed={pressed} onClick={onPress}>
      {children}
    </button>
  );
}
