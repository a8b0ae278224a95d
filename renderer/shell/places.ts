// The places of the application: where the navigation, the palette and the keys go.
import type { IconName } from '../ui/icon.tsx';

export interface Place {
  readonly path: string;
  readonly title: string;
  readonly icon: IconName;
  /** Two keys in sequence. */
  readonly keys: string;
  readonly counts?: 'syncs' | 'conflicts' | 'deadLetters';
  readonly separated?: boolean;
  /** Has something to show before there is a sync. */
  readonly needsNoSync?: boolean;
}

export const places: readonly Place[] = [
  { path: '/', title: 'Overview', icon: 'home', keys: 'g o', needsNoSync: true },
  { path: '/syncs', title: 'Syncs', icon: 'sync', keys: 'g s', counts: 'syncs' },
  { path: '/conflicts', title: 'Conflicts', icon: 'conflict', keys: 'g c', counts: 'conflicts' },
  { path: '/runs', title: 'Runs', icon: 'runs', keys: 'g r' },
  { path: '/dead-letters', title: 'Dead letters', icon: 'letter', keys: 'g d', counts: 'deadLetters' },
  { path: '/simulator', title: 'Simulator', icon: 'flask', keys: 'g m' },
  { path: '/connections', title: 'Connections', icon: 'plug', keys: 'g n', separated: true, needsNoSync: true },
];

/** Whether a place of an open workspace has something to show. */
export function hasContent({ needsNoSync = false }: Place, hasSyncs: boolean): boolean {
  return hasSyncs || needsNoSync;
}

/** The place that a path belongs to; a plan belongs to its sync. */
export function placeOf(path: string): string {
  if (path.startsWith('/plans')) return '/syncs';
  return places.find((place) => place.path !== '/' && path.startsWith(place.path))?.path ?? '/';
}

/** Screens with three panes show the navigation as a rail. */
export function isWide(path: string): boolean {
  return /^\/(conflicts|dead-letters|plans|runs\/)/.test(path) || path.endsWith('/mapping');
}
