// What is left of an API's quota, and how long it asks to be left alone, out of its headers.
import type { Quota } from '../contract.ts';
import type { Declaration } from './declaration.ts';

export type Headers = Readonly<Record<string, string | string[] | undefined>>;

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
  const asked = momentIn(headers, 'retry-after', now);
  if (asked !== undefined) return Math.max(0, asked - now);
  const quota = quotaOf(declaration, headers, now);
  return quota?.remaining === 0 && quota.resetsAt !== undefined ? Math.max(0, quota.resetsAt - now) : undefined;
}

function textIn(headers: Headers, name: string): string | undefined {
  const text = headers[name.toLowerCase()];
  return Array.isArray(text) ? text[0] : text;
}

/** The first number: `100, 100;w=60` is a hundred. */
function numberIn(headers: Headers, name: string): number | undefined {
  const text = /^\s*(\d+)/.exec(textIn(headers, name) ?? '')?.[1];
  return text === undefined ? undefined : Number(text);
}

/** Above this a number of seconds is a moment since 1970, below it a time from now. */
const epochSeconds = 1e9;

/** Epoch milliseconds out of a date, seconds from now, or epoch seconds or milliseconds (RFC 9110 and what is used). */
function momentIn(headers: Headers, name: string, now: number): number | undefined {
  const text = textIn(headers, name)?.trim();
  if (text === undefined || text === '') return undefined;
  if (!/^\d+(\.\d+)?$/.test(text)) {
    const date = Date.parse(text);
    return Number.isNaN(date) ? undefined : date;
  }
  const number = Number(text);
  if (number > epochSeconds * 1000) return number;
  return number > epochSeconds ? number * 1000 : now + number * 1000;
}
