// Asks a system as its own programs would, past the connector.
import type { RunningSystem } from './running-system.ts';

/** Throws for every answer that is none of success. */
export type Ask = <T>(path: string, method?: string, body?: unknown) => Promise<T>;

export function askerOf(server: RunningSystem, sign: () => Readonly<Record<string, string>>): Ask {
  return async <T>(path: string, method = 'GET', body?: unknown) => {
    const headers = { ...sign(), 'content-type': 'application/json' };
    const answer = await fetch(`${server.url}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
}
