// Checks what a window asks the shell: whether there is such a question, and the form of its input. The engine checks its own questions.
import { z } from 'zod';
import { shellCalls } from '../../preload/contract/shell.ts';
import type { Problem } from '../../preload/contract/errors.ts';
import { problems } from './problems.ts';

export type ShellCallName = keyof typeof shellCalls;

/** A question in its checked form, or why it is none. */
export type Checked =
  | { readonly ok: true; readonly name: ShellCallName; readonly input: unknown }
  | { readonly ok: false; readonly problem: Problem };

export function checkQuestion(name: string, input: unknown): Checked {
  if (!isShellCall(name)) return { ok: false, problem: problems.unknownCall(name) };
  const parsed = shellCalls[name].input.safeParse(input);
  if (parsed.success) return { ok: true, name, input: parsed.data };
  return { ok: false, problem: problems.invalidInput(name, z.prettifyError(parsed.error)) };
}

function isShellCall(name: string): name is ShellCallName {
  return Object.hasOwn(shellCalls, name);
}
