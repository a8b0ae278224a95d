// The parts of the window that the first frame can do without: their code is loaded when the window is idle, or when first shown.
import { lazy } from 'react';
import type { ComponentType, LazyExoticComponent } from 'react';

interface Later<Props> {
  readonly Part: LazyExoticComponent<ComponentType<Props>>;
  readonly load: () => Promise<unknown>;
}

function later<Props>(load: () => Promise<ComponentType<Props>>): Later<Props> {
  return { Part: lazy(async () => ({ default: await load() })), load };
}

const parts = {
  welcome: later(async () => (await import('./features/welcome/welcome-screen.tsx')).WelcomeScreen),
  syncs: later(async () => (await import('./features/syncs/syncs-screen.tsx')).SyncsScreen),
  sync: later(async () => (await import('./features/sync/sync-screen.tsx')).SyncScreen),
  conflicts: later(async () => (await import('./features/conflicts/conflicts-screen.tsx')).ConflictsScreen),
  runs: later(async () => (await import('./features/runs/runs-screen.tsx')).RunsScreen),
  run: later(async () => (await import('./features/run/run-screen.tsx')).RunScreen),
  plan: later(async () => (await import('./features/plan/plan-screen.tsx')).PlanScreen),
  mapping: later(async () => (await import('./features/mapping/mapping-screen.tsx')).MappingScreen),
  deadLetters: later(async () => (await import('./features/dead-letters/dead-letters-screen.tsx')).DeadLettersScreen),
  simulator: later(async () => (await import('./features/simulator/simulator-screen.tsx')).SimulatorScreen),
  connections: later(async () => (await import('./features/connections/connections-screen.tsx')).ConnectionsScreen),
  datasets: later(async () => (await import('./features/connections/datasets-screen.tsx')).DatasetsScreen),
  connectionForm: later(async () => (await import('./features/connections/form-screen.tsx')).ConnectionFormScreen),
  palette: later(async () => (await import('./shell/palette.tsx')).Palette),
  keySheet: later(async () => (await import('./shell/key-sheet.tsx')).KeySheet),
} as const;

export const WelcomeScreen = parts.welcome.Part;
export const SyncsScreen = parts.syncs.Part;
export const SyncScreen = parts.sync.Part;
export const ConflictsScreen = parts.conflicts.Part;
export const RunsScreen = parts.runs.Part;
export const RunScreen = parts.run.Part;
export const PlanScreen = parts.plan.Part;
export const MappingScreen = parts.mapping.Part;
export const DeadLettersScreen = parts.deadLetters.Part;
export const SimulatorScreen = parts.simulator.Part;
export const ConnectionsScreen = parts.connections.Part;
export const DatasetsScreen = parts.datasets.Part;
export const ConnectionFormScreen = parts.connectionForm.Part;
export const Palette = parts.palette.Part;
export const KeySheet = parts.keySheet.Part;

/** Loads all of them, one after the other, whenever the window has nothing else to do. */
export function loadWhenIdle(): void {
  const waiting = Object.values(parts);
  const next = (): void => {
    const part = waiting.shift();
    // One that cannot be loaded now says so when it is opened.
    part?.load().then(wait, wait);
  };
  const wait = (): void => void requestIdleCallback(next);
  wait();
}
