// The messages between the Electron main process and the engine process. Both host implementations speak it.
import type { Problem } from './errors.ts';

export type ToEngine =
  /** First message. The key never touches a disk or an argument list. */
  | { readonly type: 'open'; readonly folder: string; readonly create: boolean; readonly key: WorkspaceKey }
  | { readonly type: 'call'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly type: 'subscribe'; readonly id: number; readonly topic: string }
  | { readonly type: 'unsubscribe'; readonly id: number }
  /** Finish what cannot wait and exit. */
  | { readonly type: 'close' };

export type FromEngine =
  | { readonly type: 'opened' }
  | { readonly type: 'refused'; readonly problem: Problem }
  | { readonly type: 'answer'; readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly type: 'answer'; readonly id: number; readonly ok: false; readonly problem: Problem }
  | { readonly type: 'message'; readonly id: number; readonly value: unknown };

/** `passphrase`: unwraps the key stored in the workspace. `raw`: the data key itself, hex, as the keychain gave it. */
export type WorkspaceKey = { readonly kind: 'passphrase'; readonly passphrase: string } | { readonly kind: 'raw'; readonly hex: string };
