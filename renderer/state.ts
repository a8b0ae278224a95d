// What the whole window shares: the latest message of every stream and which overlays are open.
import { createContext, useContext } from 'react';
import { createStore, useStore } from 'zustand';
import type { StoreApi } from 'zustand';
import type { TopicMessage, TopicName } from '../preload/contract/index.ts';

export type Topics = { readonly [Name in TopicName]?: TopicMessage<Name> };

export interface WindowState {
  readonly topics: Topics;
  /** How often a workspace was opened: an engine that was started again may know less than before. */
  readonly opened: number;
  readonly overlay: 'none' | 'palette' | 'keys';
  /** Answers that were asked for before there was a screen to ask. */
  readonly ahead: Ahead;
}

/** Good for one state of the world only: what changed since has to be asked anew. */
export interface Ahead {
  readonly version: string;
  /** By the name and the input of the question, as `questionKey` writes them. */
  readonly answers: ReadonlyMap<string, unknown>;
}

export type WindowStore = StoreApi<WindowState>;

export function createWindowStore(): WindowStore {
  return createStore<WindowState>(() => ({ topics: {}, opened: 0, overlay: 'none', ahead: { version: '', answers: new Map() } }));
}

export const WindowStoreContext = createContext<WindowStore | undefined>(undefined);

export function useWindowStore(): WindowStore {
  const store = useContext(WindowStoreContext);
  if (store === undefined) throw new Error('The window store is missing: wrap the application in StateProvider.');
  return store;
}

export function useWindowState<T>(select: (state: WindowState) => T): T {
  return useStore(useWindowStore(), select);
}

/** Names the state of the world; another one means that what is on screen may be stale. */
export function useVersion(): string {
  return useWindowState(versionOf);
}

export function versionOf({ opened, topics }: Pick<WindowState, 'opened' | 'topics'>): string {
  return `${opened}.${topics.changes?.version ?? 0}`;
}

export function questionKey(name: string, input: unknown): string {
  return `${name} ${JSON.stringify(input)}`;
}
