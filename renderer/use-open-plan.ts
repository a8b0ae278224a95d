// Opens a plan that was written to a file, to be looked at and approved.
import { ask } from './api.ts';
import { go } from './hash-location.ts';
import { useAction } from './use-action.ts';

export function useOpenPlan(): ReturnType<typeof useAction> {
  return useAction(async () => {
    const { path } = await ask('shell.chooseFileToOpen', { title: 'Open a plan', of: 'plan' });
    if (path === undefined) return;
    const { id } = await ask('plans.open', { path });
    go(`/plans/${id}`);
  });
}
