// The frame of the window: bars, navigation, the screen in the middle, overlays, and the keys that work everywhere.
import { Suspense, useEffect } from 'react';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { useAsk, useTopic } from '../api.ts';
import { go } from '../hash-location.ts';
import { KeySheet, Palette } from '../screens.ts';
import { useWindowState, useWindowStore } from '../state.ts';
import { Notice } from '../ui/bars.tsx';
import { useKeys } from '../ui/keys.tsx';
import { Nav } from './nav.tsx';
import { hasContent, isWide, places } from './places.ts';
import { RunWatcher } from './run-watcher.tsx';
import { StatusBar } from './status-bar.tsx';
import { TopBar } from './top-bar.tsx';
import { cyclePane } from './panes.ts';

export function Shell({ children }: { readonly children: ReactNode }): ReactNode {
  const store = useWindowStore();
  const overlay = useWindowState((state) => state.overlay);
  const shell = useTopic('shell');
  const isOpen = shell?.workspace === 'open';
  const isKnown = isOpen || shell?.workspace === 'restarting';
  const info = useAsk('workspace.info', isKnown ? {} : null).data;
  const hasSyncs = isKnown && (info?.counts.syncs ?? 0) > 0;
  const [path] = useLocation();

  useEffect(() => {
    const root = document.documentElement;
    if (shell === undefined || shell.theme === 'system') delete root.dataset.theme;
    else root.dataset.theme = shell.theme;
  }, [shell]);

  useKeys(
    'Go to',
    places
      .filter((place) => hasContent(place, hasSyncs))
      .map((place) => ({ keys: place.keys, label: place.title.toLowerCase(), run: () => go(place.path) })),
    { active: isKnown, first: true, rank: 8 },
  );
  useKeys(
    'Everywhere',
    [
      { keys: '[Shift]+?', label: 'all keys', shown: ['?'], hint: true, run: () => store.setState({ overlay: 'keys' }) },
      { keys: '$mod+k', label: 'commands', shown: ['$mod+K'], inFields: true, run: () => store.setState({ overlay: 'palette' }) },
      { keys: 'F6', label: 'next pane', inFields: true, run: () => cyclePane(1) },
      { keys: 'Shift+F6', label: 'earlier pane', inFields: true, run: () => cyclePane(-1) },
      { keys: 'Escape', label: 'back', run: () => back(path) },
    ],
    { rank: 9 },
  );

  return (
    <div className={isWide(path) ? 'app app--rail' : 'app'}>
      <TopBar name={info?.name ?? 'KantoSynchro'} />
      <Nav isOpen={isKnown} hasSyncs={hasSyncs} />
      <main className="main" id="main">
        {hasSyncs && shell?.workspace === 'restarting' ? (
          <Notice tone="held" icon="retry" what="The engine stopped and is being started again.">
            Runs go on from their stored plan; nothing that was saved is lost.
          </Notice>
        ) : null}
        {children}
      </main>
      <StatusBar />
      {isOpen ? <RunWatcher /> : null}
      <Suspense fallback={null}>
        {overlay === 'palette' ? <Palette isOpen={isKnown} withSyncs={hasSyncs} /> : null}
        {overlay === 'keys' ? <KeySheet /> : null}
      </Suspense>
    </div>
  );
}

/** Esc leads from one thing to the list it is in. */
function back(path: string): void {
  if (path.endsWith('/mapping')) go(path.replace(/\/mapping$/, ''));
  else if (/^\/(syncs|runs)\/./.test(path)) go(`/${path.split('/')[1] ?? ''}`);
  else if (path.startsWith('/plans/')) window.history.back();
}
