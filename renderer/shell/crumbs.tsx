// Where you are: screens say it, the top bar shows it.
import { createContext, useContext, useLayoutEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { Icon } from '../ui/icon.tsx';

export interface Crumb {
  readonly title: string;
  readonly path?: string;
}

const CrumbsContext = createContext<readonly [readonly Crumb[], (crumbs: readonly Crumb[]) => void] | undefined>(undefined);

export function CrumbsProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const state = useState<readonly Crumb[]>([]);
  return <CrumbsContext value={state}>{children}</CrumbsContext>;
}

/** Says where this screen is; the last crumb is the screen itself. */
export function useCrumbs(crumbs: readonly Crumb[]): void {
  const context = useContext(CrumbsContext);
  const set = context?.[1];
  const key = JSON.stringify(crumbs);
  // Before the paint: the bar beside the crumbs must not move afterwards.
  useLayoutEffect(() => {
    const shown: readonly Crumb[] = JSON.parse(key);
    set?.(shown);
    document.title = `${shown.at(-1)?.title ?? ''} · KantoSynchro`;
  }, [set, key]);
}

export function Crumbs(): ReactNode {
  const crumbs = useContext(CrumbsContext)?.[0] ?? [];
  return (
    <nav className="crumbs" aria-label="You are here">
      {crumbs.map((crumb, index) => (
        <span className="crumb" key={crumb.path ?? crumb.title}>
          {index === 0 ? null : <Icon name="chevron-right" />}
          {index === crumbs.length - 1 || crumb.path === undefined ? (
            <b className="clip">{crumb.title}</b>
          ) : (
            <Link href={crumb.path}>{crumb.title}</Link>
          )}
        </span>
      ))}
    </nav>
  );
}
