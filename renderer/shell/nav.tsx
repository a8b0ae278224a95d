// The navigation: the places of the application with their counts.
import type { MouseEvent, ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { useTopic } from '../api.ts';
import { count } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { hasContent, placeOf, places } from './places.ts';

/** The screen that opens takes the focus, so that Enter acts there and not on the link again. */
function leaveFocus(event: MouseEvent<HTMLElement>): void {
  event.currentTarget.blur();
}

/** `isOpen`: there is a workspace; without a sync in it, only the places that need none can be gone to. */
export function Nav({ isOpen, hasSyncs }: { readonly isOpen: boolean; readonly hasSyncs: boolean }): ReactNode {
  const [path] = useLocation();
  const changes = useTopic('changes');
  const current = placeOf(path);
  return (
    <nav className="nav" aria-label="Main">
      {places.map((place) => {
        const number = place.counts === undefined ? undefined : changes?.[place.counts];
        const inside = (
          <>
            <Icon name={place.icon} />
            <span className="lbl">{place.title}</span>
            {number === undefined || number === 0 ? null : <span className="n">{count(number)}</span>}
          </>
        );
        return (
          <div key={place.path} className="nav__place">
            {place.separated === true ? <div className="sep" /> : null}
            {isOpen && hasContent(place, hasSyncs) ? (
              <Link
                href={place.path}
                title={`${place.title} (${place.keys})`}
                aria-current={current === place.path ? 'page' : undefined}
                onClick={leaveFocus}
              >
                {inside}
              </Link>
            ) : (
              <button type="button" disabled className="nav__off" title={`${place.title}: opens once there is a sync`}>
                {inside}
              </button>
            )}
          </div>
        );
      })}
    </nav>
  );
}
