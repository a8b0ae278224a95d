// The channels between the preload script and the main process: names and message shapes, known to these two only.

export const ipcNames = {
  call: 'kanto:call',
  subscribe: 'kanto:subscribe',
  unsubscribe: 'kanto:unsubscribe',
  message: 'kanto:message',
} as const;

/** A message of a subscription. */
export interface FromShell {
  readonly id: number;
  readonly value: unknown;
}
