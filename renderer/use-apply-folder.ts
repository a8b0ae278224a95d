// Makes a folder of configuration files the workspace's new revision; what goes with the revision before it is told, and can be had back.
import { useCallback } from 'react';
import { ask } from './api.ts';
import { useAction } from './use-action.ts';
import { useRestore } from './use-restore.ts';
import { useToast } from './ui/toast.tsx';

/** Applies a folder and says what came of it. Throws where it is refused: then nothing was changed. */
export function useApply(): (folder: string) => Promise<void> {
  const toast = useToast();
  const restore = useRestore();
  return useCallback(
    async (folder) => {
      const { revision, before, gone } = await ask('workspace.apply', { folder });
      toast({
        message: `The configuration is revision ${revision} now.${gone.length === 0 ? '' : ` Gone with it: ${gone.join(', ')}.`}`,
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
