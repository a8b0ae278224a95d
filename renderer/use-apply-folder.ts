// Makes a folder of configuration files the workspace's new revision.
import { ask } from './api.ts';
import { useAction } from './use-action.ts';
import { useToast } from './ui/toast.tsx';

/** Asks for the folder first; closing that dialog changes nothing. */
export function useApplyFolder(): readonly [() => void, boolean] {
  const toast = useToast();
  return useAction(async () => {
    const { path } = await ask('shell.chooseFolder', { title: 'Choose a folder of configuration files' });
    if (path === undefined) return;
    const { revision } = await ask('workspace.apply', { folder: path });
    toast({ message: `The configuration is revision ${revision} now.`, icon: 'ok', tone: 'insync' });
  });
}
