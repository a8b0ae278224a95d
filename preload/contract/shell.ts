// What the Electron main process answers itself: opening a workspace, dialogs, theme.
import { z } from 'zod';
import { call, topic } from './define.ts';
import { problemSchema } from './errors.ts';

/**
 * `none`: no workspace yet, the first start. `locked`: it needs its passphrase. `starting`: the engine opens it. `stopped`: it could
 * not be opened, `problem` says why. `restarting`: the engine died and is being started again.
 */
export const shellStateSchema = z.object({
  workspace: z.enum(['none', 'locked', 'starting', 'open', 'restarting', 'stopped']),
  folder: z.string().optional(),
  /** A keychain can hold the key; otherwise creating a workspace asks for a passphrase. */
  keychain: z.boolean(),
  problem: problemSchema.optional(),
  theme: z.enum(['light', 'dark', 'system']),
  version: z.string(),
});
export type ShellState = z.infer<typeof shellStateSchema>;

export const shellCalls = {
  /** Creates the workspace; `passphrase` is required where there is no keychain. */
  'shell.create': call(z.object({ passphrase: z.string().min(1).optional() }), z.object({})),
  'shell.unlock': call(z.object({ passphrase: z.string() }), z.object({})),
  /** A dialog for a folder; no answer when it was closed. */
  'shell.chooseFolder': call(z.object({ title: z.string() }), z.object({ path: z.string().optional() })),
  'shell.chooseFileToSave': call(z.object({ title: z.string(), suggested: z.string() }), z.object({ path: z.string().optional() })),
  'shell.chooseFileToOpen': call(z.object({ title: z.string(), of: z.enum(['plan', 'any']) }), z.object({ path: z.string().optional() })),
  'shell.theme': call(z.object({ theme: z.enum(['light', 'dark', 'system']) }), z.object({})),
  /** Opens the address at which a person signs in, in their browser. Only one that the engine has just given is opened. */
  'shell.openSignIn': call(z.object({ address: z.string() }), z.object({})),
  /** Shows a file of the workspace in the file manager. */
  'shell.reveal': call(z.object({ path: z.string() }), z.object({})),
} as const;

export const shellTopics = { shell: topic(shellStateSchema) } as const;
