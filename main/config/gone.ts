// What a new revision of the configuration no longer has.
import type { Configuration } from './schema.ts';

export interface Gone {
  readonly connections: readonly string[];
  readonly syncs: readonly string[];
}

export function goneWith(before: Configuration, after: Configuration): Gone {
  const of = (kind: keyof Gone) => Object.keys(before[kind]).filter((id) => !Object.hasOwn(after[kind], id));
  return { connections: of('connections'), syncs: of('syncs') };
}

/** As `connection hub, sync customers`; empty when nothing is gone. */
export function describeGone({ connections, syncs }: Gone): string {
  return [...connections.map((id) => `connection ${id}`), ...syncs.map((id) => `sync ${id}`)].join(', ');
}
