// A check box: on, off or mixed.
import { Checkbox } from 'radix-ui';
import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';

export interface CheckProps {
  readonly label: string;
  readonly value: boolean | 'mixed';
  readonly onChange: (value: boolean) => void;
  /** In a row the row's keys act; the box is then out of the tab order. */
  readonly inRow?: boolean;
}

export function Check({ label, value, onChange, inRow = false }: CheckProps): ReactNode {
  return (
    <Checkbox.Root
      className={value === false ? 'check' : 'check on'}
      aria-label={label}
      checked={value === 'mixed' ? 'indeterminate' : value}
      onCheckedChange={(next) => onChange(next === true)}
      onClick={(event) => event.stopPropagation()}
      {...(inRow ? { tabIndex: -1 } : {})}
    >
      {/* Drawn plainly: the animated indicator measures itself, which is felt where hundreds of rows scroll by. */}
      {value === false ? null : (
        <span className="check__mark">{value === 'mixed' ? <span className="check__bar" /> : <Icon name="check" small />}</span>
      )}
    </Checkbox.Root>
  );
}
