// Writes the configuration as files into a folder that the person chooses.
import { ask } from './api.ts';
import { counted } from './ui/format.ts';
import { useToast } from './ui/toast.tsx';
import { useAction } from './use-action.ts';

export function useExportFolder(): readonly [() => void, boolean] {
  const toast = useToast();
  return useAction(async () => {
    const { path } = await ask('shell.chooseFolder', { title: 'Choose a folder for the configuration files' });
    if (path === undefined) return;
    const { folder, written, kept, others } = await ask('workspace.export', { folder: path });
    const done = written.length === 0 ? 'Nothing to write' : `${counted(written.length, 'file')} written`;
    const same = kept.length === 0 ? '' : `; ${counted(kept.length, 'file')} said the same already`;
    const left = others.length === 0 ? '' : ` Not of this configuration, and left alone: ${others.join(', ')}.`;
    toast({ message: `${done} in ${folder}${same}.${left}`, icon: 'ok', tone: 'insync' });
  });
}
