// Keeps the place and the state of a screen (filter, tab) in the hash, `#/runs?status=failed`, so that back works from a file or a protocol.
import { useSyncExternalStore } from 'react';
import { pathOf, queryOf } from './route-text.ts';

const CHANGED = 'kanto-place';

function place(): string {
  return window.location.hash.replace(/^#?\/?/, '/');
}

/** Calls `notify` whenever the place changed. Returns the way to stop. */
export function onPlaceChange(notify: () => void): () => void {
  const events = ['hashchange', 'popstate', CHANGED];
  for (const event of events) window.addEventListener(event, notify);
  return () => {
    for (const event of events) window.removeEventListener(event, notify);
  };
}

/** Goes to a path with or without a query. `replace` leaves no entry to go back to. */
export function go(to: string, options: { readonly replace?: boolean } = {}): void {
  const url = `#${to}`;
  if (options.replace === true) window.history.replaceState(null, '', url);
  else window.history.pushState(null, '', url);
  window.dispatchEvent(new Event(CHANGED));
}

/** The location hook that the router uses. */
export function useHashLocation(): [string, (to: string, options?: { readonly replace?: boolean }) => void] {
  return [useSyncExternalStore(onPlaceChange, () => pathOf(place())), go];
}

export function useHashSearch(): string {
  return useSyncExternalStore(onPlaceChange, () => queryOf(place()));
}

/** One value of the query and the way to change it without leaving a trail of entries. An empty value is removed. */
export function useQuery(name: string): [string, (value: string) => void] {
  const search = useHashSearch();
  const value = new URLSearchParams(search).get(name) ?? '';
  const set = (next: string): void => {
    const query = new URLSearchParams(queryOf(place()));
    if (next === '') query.delete(name);
    else query.set(name, next);
    const text = query.toString();
    go(text === '' ? pathOf(place()) : `${pathOf(place())}?${text}`, { replace: true });
  };
  return [value, set];
}
