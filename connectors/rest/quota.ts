// What is left of an API's quota, and how long it asks to be left alone, out of its headers.
import type { Quota } from '../contract.ts';
import type { Headers } from '../shared/http.ts';
import { momentIn, retryAfter, textIn } from '../shared/http.ts';
import type { Declaration } from './declaration.ts';

/** Tried where a declaration names none: the drafts of the standard, and what most use. */
const usualNames = ['ratelimit', 'x-ratelimit', 'x-rate-limit'].map((prefix) => ({
  limit: `${prefix}-limit`,
  remaining: `${prefix}-remaining`,
  reset: `${prefix}-reset`,
}));

export function quotaOf({ quota }: Declaration, headers: Headers, now: number): Quota | undefined {
  for (const names of quota === undefined ? usualNames : [quota]) {
    const limit = numberIn(headers, names.limit);
    const remaining = numberIn(headers, names.remaining);
    if (limit === undefined || remaining === undefined) continue;
    const resetsAt = names.reset === undefined ? undefined : momentIn(headers, names.reset, now);
    return { limit, remaining, ...(resetsAt === undefined ? {} : { resetsAt }) };
  }
  return undefined;
}

/** Milliseconds from now: `Retry-After`, else the end of a quota that is used up. */
export function pauseOf(declaration: Declaration, headers: Headers, now: number): number | undefined {
  const asked = retryAfter(headers, now);
  if (asked !== undefined) return asked;
  const quota = quotaOf(declaration, headers, now);
  return quota?.remaining === 0 && quota.resetsAt !== undefined ? Math.max(0, quota.resetsAt - now) : undefined;
}

/** The first number: `100, 100;w=60` is a hundred. */
function numberIn(headers: Headers, name: string): number | undefined {
  const text = /^\s*(\d+)/.exec(textIn(headers, name) ?? '')?.[1];
  return text === undefined ? undefined : Number(text);
}
