// Tabs: arrows move, Enter opens, Ctrl+Tab goes to the next.
import { Tabs as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { count as formatCount } from './format.ts';
import { useKeys } from './keys.tsx';

export interface Tab {
  readonly id: string;
  readonly label: string;
  readonly count?: number | undefined;
}

export interface TabsProps {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly value: string;
  readonly onChange: (id: string) => void;
  /** The panel of the current tab. */
  readonly children: ReactNode;
}

export function Tabs({ label, tabs, value, onChange, children }: TabsProps): ReactNode {
  const step = (by: number): void => {
    const at = tabs.findIndex((tab) => tab.id === value);
    const next = tabs[(at + by + tabs.length) % tabs.length];
    if (next !== undefined) onChange(next.id);
  };
  useKeys(
    'Tabs',
    [
      { keys: 'Control+Tab', label: 'next tab', hint: 'optional', inFields: true, run: () => step(1) },
      { keys: 'Control+Shift+Tab', label: 'earlier tab', inFields: true, run: () => step(-1) },
    ],
    { rank: 0 },
  );
  return (
    <Primitive.Root className="tabbed" value={value} onValueChange={onChange} activationMode="manual">
      <Primitive.List className="tabs" aria-label={label}>
        {tabs.map((tab) => (
          <Primitive.Trigger key={tab.id} value={tab.id} className="tab" {...(tab.id === value ? {} : { 'aria-controls': undefined })}>
            {tab.label}
            {tab.count === undefined ? null : <span className="n">{formatCount(tab.count)}</span>}
          </Primitive.Trigger>
        ))}
      </Primitive.List>
      <Primitive.Content className="tabbed__panel" value={value} tabIndex={-1}>
        {children}
      </Primitive.Content>
    </Primitive.Root>
  );
}
