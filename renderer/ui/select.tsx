// A choice among few: the system's own list, which every keyboard and screen reader knows.
import type { ReactNode } from 'react';

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
    <select
      className={quiet ? 'select select--quiet' : 'select'}
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
