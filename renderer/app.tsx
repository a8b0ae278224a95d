// The routes of the window. The overview travels with the frame; the other screens are loaded later.
import { Suspense } from 'react';
import type { ReactNode } from 'react';
import { Redirect, Route, Router, Switch } from 'wouter';
import { useAsk, useTopic } from './api.ts';
import { OverviewScreen } from './features/overview/overview-screen.tsx';
import { useHashLocation, useHashSearch } from './hash-location.ts';
import {
  ConflictsScreen,
  ConnectionFormScreen,
  ConnectionsScreen,
  DatasetsScreen,
  DeadLettersScreen,
  MappingScreen,
  PlanScreen,
  RunScreen,
  RunsScreen,
  SimulatorScreen,
  SyncScreen,
  SyncsScreen,
  WelcomeScreen,
} from './screens.ts';
import { CrumbsProvider } from './shell/crumbs.tsx';
import { Guard } from './shell/guard.tsx';
import { Shell } from './shell/shell.tsx';
import { WindowStoreContext } from './state.ts';
import type { WindowStore } from './state.ts';
import { KeysProvider } from './ui/keys.tsx';
import { ErrorState, SkeletonRows } from './ui/states.tsx';
import { ToastProvider } from './ui/toast.tsx';

function hrefs(path: string): string {
  return `#${path}`;
}

export function App({ store }: { readonly store: WindowStore }): ReactNode {
  return (
    <Router hook={useHashLocation} searchHook={useHashSearch} hrefs={hrefs}>
      <WindowStoreContext value={store}>
        <KeysProvider>
          <CrumbsProvider>
            <ToastProvider>
              <Shell>
                <Guard>
                  <Suspense fallback={<SkeletonRows />}>
                    <Screens />
                  </Suspense>
                </Guard>
              </Shell>
            </ToastProvider>
          </CrumbsProvider>
        </KeysProvider>
      </WindowStoreContext>
    </Router>
  );
}

/** Until a workspace is open and knows a sync, every place but the connections is the welcome. While the engine is started again, screens stay. */
function Screens(): ReactNode {
  const workspace = useTopic('shell')?.workspace;
  const info = useAsk('workspace.info', workspace === 'open' || workspace === 'restarting' ? {} : null);
  if (workspace === undefined) return <SkeletonRows />;
  if (info.problem !== undefined && info.data === undefined) return <ErrorState problem={info.problem} onRetry={info.again} />;
  if (info.data === undefined) return <WelcomeScreen isLoading={info.loading} />;
  if (info.data.counts.syncs === 0) {
    return (
      <Switch>
        <Route path="/connections/*?" component={Connections} />
        <Route>
          <WelcomeScreen isLoading={info.loading} />
        </Route>
      </Switch>
    );
  }
  return (
    <Switch>
      <Route path="/" component={OverviewScreen} />
      <Route path="/syncs" component={SyncsScreen} />
      <Route path="/syncs/:id/mapping" component={MappingScreen} />
      <Route path="/syncs/:id/:tab?" component={SyncScreen} />
      <Route path="/plans/:id" component={PlanScreen} />
      <Route path="/conflicts/:id?" component={ConflictsScreen} />
      <Route path="/runs" component={RunsScreen} />
      <Route path="/runs/:id/:tab?" component={RunScreen} />
      <Route path="/dead-letters/:id?" component={DeadLettersScreen} />
      <Route path="/simulator" component={SimulatorScreen} />
      <Route path="/connections/*?" component={Connections} />
      <Route>
        <Redirect to="/" replace />
      </Route>
    </Switch>
  );
}

function Connections(): ReactNode {
  return (
    <Switch>
      <Route path="/connections" component={ConnectionsScreen} />
      <Route path="/connections/new" component={ConnectionFormScreen} />
      <Route path="/connections/:id/edit" component={ConnectionFormScreen} />
      <Route path="/connections/:id" component={DatasetsScreen} />
      <Route>
        <Redirect to="/connections" replace />
      </Route>
    </Switch>
  );
}
