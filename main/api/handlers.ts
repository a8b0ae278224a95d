// All handlers of the contract, one file per group.
import type { ApiContext, Handlers } from './context.ts';
import { conflictHandlers } from './conflicts.ts';
import { connectionFormHandlers } from './connection-forms.ts';
import { connectionHandlers } from './connections.ts';
import { deadLetterHandlers } from './dead-letters.ts';
import { decisionHandlers } from './decisions.ts';
import { driftHandlers } from './drift.ts';
import { createItemLists } from './item-lists.ts';
import { mappingHandlers } from './mapping.ts';
import { overviewHandlers } from './overview.ts';
import { planHandlers } from './plans.ts';
import { runHandlers } from './runs.ts';
import { scheduleHandlers } from './schedules.ts';
import { signInHandlers } from './sign-ins.ts';
import { simulatorHandlers } from './simulator.ts';
import { syncHandlers } from './syncs.ts';
import { verifyHandlers } from './verify.ts';
import { workspaceHandlers } from './workspace.ts';

/** Statements are prepared once, here; make the handlers once for an open workspace. */
export function createHandlers(context: ApiContext): Handlers {
  const lists = createItemLists(context.workspace.db, () => String(context.workspace.version()));
  const plans = planHandlers(context, lists);
  return {
    ...workspaceHandlers(context),
    ...overviewHandlers(context),
    ...connectionHandlers(context),
    ...connectionFormHandlers(context),
    ...signInHandlers(context),
    ...syncHandlers(context),
    ...scheduleHandlers(context),
    ...mappingHandlers(context),
    ...plans.handlers,
    ...runHandlers(context, lists, plans.cancel),
    ...conflictHandlers(context),
    ...decisionHandlers(context),
    ...deadLetterHandlers(context),
    ...driftHandlers(context),
    ...simulatorHandlers(context),
    ...verifyHandlers(context),
  };
}
