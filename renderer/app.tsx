// The routes of the window. Each screen is loaded when it is first opened.
import { lazy, Suspense } from 'react';
import type { ReactNode } from 'react';
import { Redirect, Route, Router, Switch } from 'wouter';
import { useAsk, useTopic } from './api.ts';
import { useHashLocation, useHashSearch } from './hash-location.ts';
import { CrumbsProvider } from './shell/crumbs.tsx';
import { Guard } from './shell/guard.tsx';
import { Shell } from './shell/shell.tsx';
import { StateProvider } from './state-provider.tsx';
import { KeysProvider } from './ui/keys.tsx';
import { ErrorState, SkeletonRows } from './ui/states.tsx';
import { ToastProvider } from './ui/toast.tsx';

const WelcomeScreen = lazy(() => import('./features/welcome/welcome-screen.tsx').then((module) => ({ default: module.WelcomeScreen })));
const OverviewScreen = lazy(() => import('./features/overview/overview-screen.tsx').then((module) => ({ default: module.OverviewScreen })));
const SyncsScreen = lazy(() => import('./features/syncs/syncs-screen.tsx').then((module) => ({ default: module.SyncsScreen })));
const SyncScreen = lazy(() => import('./features/sync/sync-screen.tsx').then((module) => ({ default: module.SyncScreen })));
const RunsScreen = lazy(() => import('./features/runs/runs-screen.tsx').then((module) => ({ default: module.RunsScreen })));
const RunScreen = lazy(() => import('./features/run/run-screen.tsx').then((module) => ({ default: module.RunScreen })));
const ConnectionsScreen = lazy(() =>
  import('./features/connections/connections-screen.tsx').then((module) => ({ default: module.ConnectionsScreen })),
);
const PlanScreen = lazy(() => import('./features/plan/plan-screen.tsx').then((module) => ({ default: module.PlanScreen })));
const ConflictsScreen = lazy(() =>
  import('./features/conflicts/conflicts-screen.tsx').then((module) => ({ default: module.ConflictsScreen })),
);
const MappingScreen = lazy(() => import('./features/mapping/mapping-screen.tsx').then((module) => ({ default: module.MappingScreen })));

function hrefs(path: string): string {
  return `#${path}`;
}

export function App(): ReactNode {
  return (
    <Router hook={useHashLocation} searchHook={useHashSearch} hrefs={hrefs}>
      <StateProvider>
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
      </StateProvider>
    </Router>
  );
}

/** Until a workspace is open and knows a sync, every place is the welcome. While the engine is started again, screens stay. */
function Screens(): ReactNode {
  const workspace = useTopic('shell')?.workspace;
  const info = useAsk('workspace.info', workspace === 'open' || workspace === 'restarting' ? {} : null);
  if (workspace === undefined) return <SkeletonRows />;
  if (info.problem !== undefined && info.data === undefined) return <ErrorState problem={info.problem} onRetry={info.again} />;
  if (info.data === undefined || info.data.counts.syncs === 0) return <WelcomeScreen isLoading={info.loading} />;
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
      <Route path="/connections" component={ConnectionsScreen} />
      <Route>
        <Redirect to="/" replace />
      </Route>
    </Switch>
  );
}
