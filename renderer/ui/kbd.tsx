// Keycaps: which key does it.
import type { ReactNode } from 'react';
import { capsOf } from './key-names.ts';

/** One key or a combination in tinykeys' words, shown as caps: `Enter`, `$mod+k`, `g c`. */
export function Kbd({ keys }: { readonly keys: string }): ReactNode {
  return capsOf(keys).map((cap, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the same cap may stand twice and the list never changes order
    <kbd className="kbd" key={index}>
      {cap}
    </kbd>
  ));
}

/** Keys and what they do, as the status bar shows them. */
export function Hint({
  keys,
  children,
  optional = false,
}: {
  readonly keys: readonly string[];
  readonly children: ReactNode;
  readonly optional?: boolean;
}): ReactNode {
  return (
    <span className={optional ? 'hint opt' : 'hint'}>
      {keys.map((key) => (
        <Kbd keys={key} key={key} />
      ))}
      {children}
    </span>
  );
}
