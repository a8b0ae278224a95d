// Makes what an earlier revision says the newest again: Undo of a change of the configuration.
import { ask } from './api.ts';
import { useAction } from './use-action.ts';

export function useRestore(): (revision: number) => void {
  const [restore] = useAction(async (revision: number) => void (await ask('workspace.restore', { revision })));
  return restore;
}
