// What a new revision of the configuration no longer has.
import type { Configuration } from './schema.ts';

/** In words: `connection hub`, `sync customers`. */
export function goneWith(before: Configuration, after: Configuration): string[] {
  const of = (kind: 'connections' | 'syncs', word: string) =>
    Object.keys(before[kind])
      .filter((id) => !Object.hasOwn(after[kind], id))
      .map((id) => `${word} ${id}`);
  return [...of('connections', 'connection'), ...of('syncs', 'sync')];
}
