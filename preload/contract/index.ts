// Every question a window may ask and every stream it may follow, with the types of both sides.
import type { z } from 'zod';
import { conflictCalls } from './conflicts.ts';
import { connectionCalls } from './connections.ts';
import { deadLetterCalls } from './dead-letters.ts';
import { driftCalls } from './drift.ts';
import { runCalls, runTopics } from './runs.ts';
import { simulatorCalls, simulatorTopics } from './simulator.ts';
import { syncCalls } from './syncs.ts';
import { verifyCalls } from './verify.ts';
import { workspaceCalls } from './workspace.ts';
import { shellCalls, shellTopics } from './shell.ts';
import type { Problem } from './errors.ts';

/** Answered by the engine process. */
export const engineCalls = {
  ...workspaceCalls,
  ...connectionCalls,
  ...syncCalls,
  ...runCalls,
  ...conflictCalls,
  ...deadLetterCalls,
  ...driftCalls,
  ...simulatorCalls,
  ...verifyCalls,
} as const;
export const engineTopics = { ...runTopics, ...simulatorTopics } as const;
/** Answered by the Electron main process. */
export const calls = { ...engineCalls, ...shellCalls } as const;
export const topics = { ...engineTopics, ...shellTopics } as const;

export type EngineCallName = keyof typeof engineCalls;
export type CallName = keyof typeof calls;
export type TopicName = keyof typeof topics;
export type CallInput<Name extends CallName> = z.input<(typeof calls)[Name]['input']>;
export type CallOutput<Name extends CallName> = z.output<(typeof calls)[Name]['output']>;
export type TopicMessage<Name extends TopicName> = z.output<(typeof topics)[Name]['message']>;

/** An answer as it crosses the boundary: errors keep their code and recovery. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

/** What the preload script puts on `window.kanto`. Nothing else of Electron reaches the window. */
export interface KantoBridge {
  call<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<Answer<CallOutput<Name>>>;
  /** Calls `listener` with a snapshot first, then with each new state. Returns the way to stop. */
  subscribe<Name extends TopicName>(name: Name, listener: (message: TopicMessage<Name>) => void): () => void;
}
