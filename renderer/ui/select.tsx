// A choice among few: the system's own list, which every keyboard and screen reader knows.
import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';

export interface SelectOption {
  readonly value: string;
  readonly label: string;
}

export interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly SelectOption[];
  readonly onChange: (value: string) => void;
  readonly quiet?: boolean;
}

export function Select({ label, value, options, onChange, quiet = false }: SelectProps): ReactNode {
  return (
    <span className={quiet ? 'select select--quiet' : 'select'}>
      <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <Icon name="chevron-down" small />
    </span>
  );
}
