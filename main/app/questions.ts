// Checks what a window asks against the contract: whether there is such a question or stream, and the form of its input.
import { z } from 'zod';
import { engineCalls, engineTopics } from '../../preload/contract/index.ts';
import { shellCalls, shellTopics } from '../../preload/contract/shell.ts';
import type { Problem } from '../../preload/contract/errors.ts';
import { problems } from './problems.ts';

/** A question in its checked form, and who answers it. */
export type Question =
  | { readonly for: 'engine'; readonly name: string; readonly input: unknown }
  | { readonly for: 'shell'; readonly name: keyof typeof shellCalls; readonly input: unknown }
  | { readonly for: 'nobody'; readonly problem: Problem };

/** Finds who answers a question, or why nobody does. */
export function checkQuestion(name: unknown, input: unknown): Question {
  if (typeof name !== 'string') return { for: 'nobody', problem: problems.unknownCall(name) };
  if (isName(engineCalls, name)) return checked(name, engineCalls[name].input, input, (data) => ({ for: 'engine', name, input: data }));
  if (isName(shellCalls, name)) return checked(name, shellCalls[name].input, input, (data) => ({ for: 'shell', name, input: data }));
  return { for: 'nobody', problem: problems.unknownCall(name) };
}

/** Who speaks on a stream. */
export function streamOwner(name: string): 'shell' | 'engine' | undefined {
  if (isName(shellTopics, name)) return 'shell';
  return isName(engineTopics, name) ? 'engine' : undefined;
}

const requestSchema = z.object({ id: z.number().int().positive(), name: z.string().optional() });

/** A request to follow a stream or to stop; undefined where it is neither. */
export function checkRequest(request: unknown): { readonly id: number; readonly name?: string | undefined } | undefined {
  return requestSchema.safeParse(request).data;
}

function isName<Names extends object>(names: Names, name: string): name is keyof Names & string {
  return Object.hasOwn(names, name);
}

function checked(name: string, schema: z.ZodType, input: unknown, ask: (data: unknown) => Question): Question {
  const parsed = schema.safeParse(input);
  return parsed.success ? ask(parsed.data) : { for: 'nobody', problem: problems.invalidInput(name, z.prettifyError(parsed.error)) };
}
