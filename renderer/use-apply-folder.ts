// Makes a folder of configuration files the workspace's new revision; what goes with the revision before it is told, and can be had back.
import { useCallback } from 'react';
import { ask } from './api.ts';
import { useAction } from './use-action.ts';
import { useToast } from './ui/toast.tsx';

/** Applies a folder and says what came of it. Throws where it is refused: then nothing was changed. */
export function useApply(): (folder: string) => Promise<void> {
  const toast = useToast();
  const [restore] = useAction(async (revision: number) => void (await ask('workspace.restore', { revision })));
  return useCallback(
    async (folder) => {
      const { revision, before, gone } = await ask('workspace.apply', { folder });
      const lost = [...gone.connections.map((id) => `connection ${id}`), ...gone.syncs.map((id) => `sync ${id}`)].join(', ');
      toast({
        message: `The configuration is revision ${revision} now.${lost === '' ? '' : ` Gone with it: ${lost}.`}`,
        icon: 'ok',
        tone: 'insync',
        action: before === 0 ? undefined : { label: 'Undo', run: () => restore(before) },
      });
    },
    [toast, restore],
  );
}

/** Asks for the folder first; closing that dialog changes nothing. */
export function useApplyFolder(): readonly [() => void, boolean] {
  const apply = useApply();
  return useAction(async () => {
    const { path } = await ask('shell.chooseFolder', { title: 'Choose a folder of configuration files' });
    if (path !== undefined) await apply(path);
  });
}
