// Says in plain words why a write is needed.
import type { Change, Decision } from '../model/record.ts';

/** Endpoint names as people list them: `shop, sales and ledger`. */
export function listNames(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** The reason of an update: what decided the fields' values, or that only the endpoint differs. */
export function becauseOfUpdate(
  fields: readonly string[],
  changes: readonly Change[],
  reverted: ReadonlyMap<string, readonly string[]>,
): string {
  const reasons = new Set<string>();
  for (const field of fields) {
    const owners = reverted.get(field);
    const change = changes.find((candidate) => candidate.field === field);
    if (change !== undefined) reasons.add(ofDecision(change.by));
    else if (owners !== undefined) reasons.add(`put back, only ${listNames(owners)} may change it`);
    else reasons.add('differs from the record');
  }
  return [...reasons].join('; ');
}

function ofDecision(by: Decision): string {
  switch (by.kind) {
    case 'taken':
      return `taken from ${listNames(by.from)}`;
    case 'policy':
      return isMerge(by.policy) ? `merged from ${listNames(by.from)} (${by.policy})` : `taken from ${listNames(by.from)} (${by.policy})`;
    case 'person':
      return `decided by ${by.by}`;
    case 'reverted':
      return `put back after a change in ${by.from}`;
    case 'deleted':
      return becauseDeleted(by.at);
    case 'undone':
      return `run ${by.run} was undone`;
  }
}

function isMerge(policy: string): boolean {
  return policy !== 'newest' && policy !== 'priority' && policy !== 'fill';
}

/** The reason of a create: where the record is. */
export function becauseNew(present: readonly string[]): string {
  return present.length === 0 ? 'missing here' : `new in ${listNames(present)}`;
}

/** The reason of a delete or an archiving update. */
export function becauseDeleted(at: readonly string[]): string {
  return at.length === 0 ? 'the record is deleted' : `deleted in ${listNames(at)}`;
}
