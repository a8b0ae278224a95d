// Keys of a screen: pressed outside of fields they act, and the status bar and the key sheet show what is bound.
import { createContext, useContext, useLayoutEffect, useId, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { createKeybindingsHandler } from 'tinykeys';
import { createStore, useStore } from 'zustand';
import type { StoreApi } from 'zustand';
import { useLatest } from './use-latest.ts';

export interface KeyBinding {
  /** In tinykeys' words; several are alternatives. The first one is shown. */
  readonly keys: string | readonly string[];
  readonly label: string;
  /** Also shown at the bottom right. `optional` goes first when there is no room. */
  readonly hint?: boolean | 'optional';
  /** Shown instead of the first key: `['j', 'k']`. */
  readonly shown?: readonly string[];
  /** Left out of the key sheet, where another line shows this key already. */
  readonly unlisted?: boolean;
  /** Acts while a field has the focus, too. */
  readonly inFields?: boolean;
  /** Acts again while the key is held down. */
  readonly repeats?: boolean;
  readonly run: (event: KeyboardEvent) => void;
}

export interface KeyLayer {
  readonly id: string;
  readonly group: string;
  readonly rank: number;
  readonly bindings: readonly KeyBinding[];
  readonly turn: number;
  readonly handle: (event: KeyboardEvent) => void;
}

interface KeyState {
  readonly layers: readonly KeyLayer[];
}

const KeysContext = createContext<StoreApi<KeyState> | undefined>(undefined);
/** True inside a dialog: keys outside of it rest while it is open. */
export const InDialogContext = createContext(false);

export function KeysProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [store] = useState(() => createStore<KeyState>(() => ({ layers: [] })));
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent): void => {
      // Each layer sees the key, so that sequences go on or end; the first that acts on it prevents its default.
      for (const layer of [...store.getState().layers].sort((a, b) => a.turn - b.turn)) layer.handle(event);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [store]);
  return <KeysContext value={store}>{children}</KeysContext>;
}

function useKeyStore(): StoreApi<KeyState> {
  const store = useContext(KeysContext);
  if (store === undefined) throw new Error('KeysProvider is missing around this screen.');
  return store;
}

/** Everything that is bound now, in the order in which it is shown. */
export function useKeyLayers(): readonly KeyLayer[] {
  const layers = useStore(useKeyStore(), (state) => state.layers);
  return useMemo(() => [...layers].sort((a, b) => a.rank - b.rank), [layers]);
}

/** From this rank on, layers belong to the frame and act only where no screen does. */
const OUTERMOST = 8;
const FIELDS = 'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]';
const ACTIVATED = 'button, a[href], summary, select, [role=tab], [role=menuitem], [role=option]';
const STEERED = '[role=tablist], [role=menu], [role=listbox], [role=radiogroup], select';

function isTaken(event: KeyboardEvent, binding: KeyBinding): boolean {
  const target = event.target instanceof Element ? event.target : document.body;
  if (event.repeat && binding.repeats !== true) return true;
  if (binding.inFields !== true && target.closest(FIELDS) !== null) return true;
  if ((event.key === 'Enter' || event.key === ' ') && !event.ctrlKey && !event.metaKey && target.closest(ACTIVATED) !== null) return true;
  return event.key.startsWith('Arrow') && target.closest(STEERED) !== null;
}

export interface KeyOptions {
  readonly active?: boolean;
  /** Before the others: an open drawer, or keys in sequence such as `g c`, whose last key a screen may use alone. */
  readonly first?: boolean;
  /** Place among the hints, the least first; 5 unless told. */
  readonly rank?: number;
}

/** Binds keys while the component is shown. Inner components win over outer ones. Changing `bindings` needs no care: the latest act. */
export function useKeys(group: string, bindings: readonly KeyBinding[], options: KeyOptions = {}): void {
  const { active = true, first = false, rank = 5 } = options;
  const id = useId();
  const store = useKeyStore();
  const inDialog = useContext(InDialogContext);
  const latest = useLatest(bindings);
  const shape = JSON.stringify(bindings.map(({ keys, label, hint, shown }) => [keys, label, hint, shown]));

  // Before the paint: what is on screen answers its keys.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for the bindings, whose functions are read when a key is pressed
  useLayoutEffect(() => {
    if (!active) return;
    const map: Record<string, (event: KeyboardEvent) => void> = {};
    latest.current.forEach((binding, index) => {
      for (const keys of typeof binding.keys === 'string' ? [binding.keys] : binding.keys) {
        map[keys] = (event) => {
          const now = latest.current[index];
          if (now === undefined || isTaken(event, now)) return;
          event.preventDefault();
          now.run(event);
        };
      }
    });
    const ignore = (event: KeyboardEvent): boolean =>
      event.defaultPrevented || event.isComposing || (!inDialog && document.querySelector('dialog[open]') !== null);
    const handle = createKeybindingsHandler(map, { ignore });
    const turn = first ? 0 : rank >= OUTERMOST ? 2 : 1;
    store.setState((was) => ({ layers: [...was.layers, { id, group, rank, bindings: latest.current, turn, handle }] }));
    return () => {
      store.setState((was) => ({ layers: was.layers.filter((layer) => layer.id !== id) }));
    };
  }, [active, first, group, id, inDialog, latest, rank, shape, store]);
}
