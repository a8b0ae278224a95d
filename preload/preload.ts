// Puts the bridge on `window.kanto`: two functions, and nothing else of Electron.
import { contextBridge, ipcRenderer } from 'electron';
import { type FromShell, ipcNames } from './ipc.ts';

const listeners = new Map<number, (message: unknown) => void>();
let lastId = 0;

ipcRenderer.on(ipcNames.message, (_event, { id, value }: FromShell) => listeners.get(id)?.(value));

contextBridge.exposeInMainWorld('kanto', {
  call: (name: string, input: unknown): Promise<unknown> => ipcRenderer.invoke(ipcNames.call, name, input),
  subscribe: (name: string, listener: (message: unknown) => void): (() => void) => {
    lastId += 1;
    const id = lastId;
    listeners.set(id, listener);
    ipcRenderer.send(ipcNames.subscribe, { id, name });
    return () => {
      if (listeners.delete(id)) ipcRenderer.send(ipcNames.unsubscribe, { id });
    };
  },
});
