// The words in which answers say what a rule, a reason or a decision is.
import type { Decision, HoldReason, PresenceHold } from '../core/model/record.ts';
import type { FirstConfig, PolicyConfig, SyncConfig } from '../config/schema.ts';
import type { ConnectionHealth, RunStatus } from '../../preload/contract/values.ts';

/** `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

export function reasonWords(reason: HoldReason, sides: readonly string[]): string {
  switch (reason) {
    case 'manual':
      return `was changed in ${listed(sides)}, and no rule decides between them`;
    case 'blank':
      return `was emptied in ${listed(sides)}, and a person is asked before a value goes`;
    case 'authority':
      return `was changed in ${listed(sides)}, which may not change it`;
    case 'first-sync':
      return `differs in ${listed(sides)}, where the rows first met`;
    case 'oscillating':
      return `flips between the same values; the last change came from ${listed(sides)}`;
    case 'undone':
      return `was undone; ${listed(sides)} shows something else than what was agreed before`;
    case 'refused':
      return `was refused by a place; ${listed(sides)} still shows what it had`;
  }
}

/** What a connection that is not well is, after its name. */
export const healthWords: Readonly<Record<Exclude<ConnectionHealth['state'], 'ok'>, string>> = {
  throttled: 'takes no more requests for now',
  unavailable: 'does not answer',
  'logged-out': 'wants another login',
};

export function presenceWords(hold: PresenceHold): string {
  if (hold.reason === 'undone') return `a run was undone, and it is not in ${listed(hold.deletedAt)} any more`;
  const deleted = `deleted in ${listed(hold.deletedAt)}`;
  return hold.changedAt.length === 0
    ? `${deleted}, and a person is asked before a record goes`
    : `${deleted}, changed in ${listed(hold.changedAt)}`;
}

export function decisionWords(decision: Decision): string {
  switch (decision.kind) {
    case 'taken':
      return `taken from ${listed(decision.from)}`;
    case 'policy':
      return `decided by the rule ${decision.policy}, from ${listed(decision.from)}`;
    case 'person':
      return decision.taken === undefined ? `decided by ${decision.by}` : `decided by ${decision.by}: ${decision.taken}`;
    case 'reverted':
      return `put back: ${decision.from} may not change it`;
    case 'deleted':
      return `deleted in ${listed(decision.at)}`;
    case 'undone':
      return `run ${decision.run} was undone`;
  }
}

function policyWords(policy: PolicyConfig | FirstConfig): string {
  if (typeof policy !== 'string') {
    if ('priority' in policy) return `${policy.priority.join(' before ')}`;
    return `merge (${policy.merge})`;
  }
  switch (policy) {
    case 'newest':
      return 'the newest wins';
    case 'merge':
      return 'merge';
    case 'fill':
      return 'fill what is empty';
    case 'manual':
      return 'a person decides';
  }
}

/** Policies in the order in which they are tried; the last word is always a person's. */
export function policiesWords(policies: readonly (PolicyConfig | FirstConfig)[]): string {
  const words = policies.map(policyWords);
  const last = policyWords('manual');
  return (words.at(-1) === last ? words : [...words, last]).join(', then ');
}

export function ruleWords(sync: SyncConfig, field: string): string {
  const policies = Object.hasOwn(sync.policies, field) ? sync.policies[field] : sync.policies['default'];
  const authority = Object.hasOwn(sync.authority, field) ? sync.authority[field] : undefined;
  if (authority !== undefined) {
    const other = authority.otherwise === 'revert' ? 'is put back' : 'is reported';
    return `only ${listed(authority.only)} may change it; another edit ${other}`;
  }
  return policiesWords(policies ?? ['manual']);
}

export function presencePolicyWords(presence: SyncConfig['presence']): string {
  switch (presence) {
    case 'manual':
      return 'a person decides';
    case 'update':
      return 'the update wins';
    case 'delete':
      return 'the delete wins';
  }
}

interface Totals {
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
  readonly failed: number;
  readonly withheld: number;
  readonly skipped: number;
  readonly moved: number;
}

/** A run in one line: `12 updated, 3 created, 1 conflict`. */
export function runWords(status: RunStatus, totals: Totals, opened: number): string {
  const parts = [
    [totals.created, 'created'],
    [totals.updated, 'updated'],
    [totals.deleted, 'deleted'],
    [totals.withheld, 'withheld'],
    [totals.failed, 'failed'],
    [totals.moved, 'moved'],
    [totals.skipped, 'skipped'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, word]) => `${count.toLocaleString('en')} ${word}`);
  if (opened > 0) said.push(counted(opened, 'new conflict'));
  if (said.length > 0) return said.join(', ');
  return status === 'complete' ? 'nothing to do' : status;
}
