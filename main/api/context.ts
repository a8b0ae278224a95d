// What the handlers are given: the open workspace, and where an error goes that no caller waits for.
import type { z } from 'zod';
import type { engineCalls, EngineCallName } from '../../preload/contract/index.ts';
import type { Workspace } from '../engine/workspace.ts';

export interface ApiContext {
  readonly workspace: Workspace;
  /** Errors of work that goes on after its call was answered. */
  readonly report: (error: unknown) => void;
}

type Input<Name extends EngineCallName> = z.output<(typeof engineCalls)[Name]['input']>;
type Output<Name extends EngineCallName> = z.input<(typeof engineCalls)[Name]['output']>;

/** Inputs arrive validated. */
export type Handlers = {
  readonly [Name in EngineCallName]: (input: Input<Name>) => Output<Name> | Promise<Output<Name>>;
};
