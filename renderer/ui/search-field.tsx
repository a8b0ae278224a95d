// The filter of a screen: `/` goes there, Esc empties it and goes back to the list.
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import { Kbd } from './kbd.tsx';
import { useKeys } from './keys.tsx';
import { useLatest } from './use-latest.ts';

const QUIET_MS = 120;

export interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  /** Told a moment after the last key press. */
  readonly onChange: (value: string) => void;
  readonly width?: number;
  readonly className?: string;
}

export function SearchField({ label, value, onChange, width = 200, className = '' }: SearchFieldProps): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const told = useRef(value);
  const latest = useLatest(onChange);
  useEffect(() => {
    if (value !== told.current) {
      told.current = value;
      setText(value);
    }
  }, [value]);
  useEffect(() => {
    if (text === told.current) return;
    const timer = setTimeout(() => {
      told.current = text;
      latest.current(text);
    }, QUIET_MS);
    return () => clearTimeout(timer);
  }, [text, latest]);
  useKeys('Filter', [{ keys: '/', label: 'filter', run: () => input.current?.focus() }]);
  return (
    <label className={`input input--quiet search ${className}`.trim()} style={{ width }}>
      <Icon name="search" small />
      <input
        ref={input}
        type="text"
        aria-label={label}
        placeholder={label}
        value={text}
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          setText('');
          event.currentTarget.blur();
        }}
      />
      <Kbd keys="/" />
    </label>
  );
}
