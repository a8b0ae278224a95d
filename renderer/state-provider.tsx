// Follows the streams for as long as the window lives and shares them.
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import type { TopicName } from '../preload/contract/index.ts';
import { createWindowStore, WindowStoreContext } from './state.ts';
import type { WindowStore } from './state.ts';
import { useStore } from 'zustand';

function follow<Name extends TopicName>(store: WindowStore, name: Name): () => void {
  return window.kanto.subscribe(name, (message) => store.setState((was) => ({ topics: { ...was.topics, [name]: message } })));
}

/** The streams of the engine are followed anew each time a workspace opens. */
export function StateProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [store] = useState(createWindowStore);
  const isOpen = useStore(store, (state) => state.topics.shell?.workspace === 'open');
  useEffect(() => follow(store, 'shell'), [store]);
  useEffect(() => {
    if (!isOpen) return;
    store.setState((was) => ({ opened: was.opened + 1 }));
    const stops = [follow(store, 'changes'), follow(store, 'progress')];
    return () => {
      for (const stop of stops) stop();
    };
  }, [store, isOpen]);
  return <WindowStoreContext value={store}>{children}</WindowStoreContext>;
}
