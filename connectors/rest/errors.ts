// Translates what an HTTP API answers, or fails to answer, into connector errors, once, at this edge.
import type { ConnectorErrorCode } from '../contract.ts';
import { ConnectorError } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import { at } from './declaration.ts';
import type { Declaration } from './declaration.ts';

export interface BadAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** What a request was about, without its query, which may hold a key: `PATCH /people/7`. */
export type Subject = string;

const usual: readonly (readonly [status: number, code: ConnectorErrorCode])[] = [
  [400, 'constraint'],
  [401, 'logged-out'],
  [403, 'no-access'],
  [404, 'not-found'],
  [408, 'unavailable'],
  [409, 'constraint'],
  [410, 'not-found'],
  [413, 'too-large'],
  [422, 'constraint'],
  [425, 'throttled'],
  [429, 'throttled'],
  [507, 'disk-full'],
];

const remedies: Partial<Record<ConnectorErrorCode, string>> = {
  constraint: 'Change the value so that the system accepts it, or change its rule.',
  'logged-out': 'Sign in again: give the connection a new credential.',
  'no-access': 'Give the account the right to do this, or take it out of the sync ("allow").',
  'not-found': 'Check the dataset and the base URL of the connection.',
  throttled: 'The run waits and goes on by itself; "limits.requestsPerSecond" of the connection keeps below the limit.',
  'too-large': 'Send fewer rows at a time ("limits.batch" of the connection).',
  'disk-full': 'Ask whoever runs the system for more space.',
};

export function answerError(declaration: Declaration, subject: Subject, answer: BadAnswer, now: number): ConnectorError {
  const said = messageOf(declaration, answer.body);
  const own = declaration.errors.find(
    ({ status, matches }) => status === answer.status && (matches === undefined || new RegExp(matches, 'i').test(answer.body)),
  );
  const code =
    own?.code ?? usual.find(([status]) => status === answer.status)?.[1] ?? (answer.status >= 500 ? 'unavailable' : 'unsupported');
  const pause = retryAfter(answer.headers['retry-after'], now);
  return connectorError(
    code,
    `${declaration.title} answered ${answer.status} to ${subject}${said === '' ? '' : `: ${said}`}.`,
    remedies[code] ?? 'Run again; if it stays, look at the system itself.',
    undefined,
    pause === undefined ? {} : { retryAfterMs: pause },
  );
}

const certificateCodes = /CERT|SELF_SIGNED|ALTNAME|UNABLE_TO_VERIFY|SSL|TLS/;

/** What went wrong below HTTP. Others come back as they are. */
export function transportError(declaration: Declaration, subject: Subject, error: unknown): unknown {
  if (error instanceof ConnectorError || !(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (error.name === 'AbortError') {
    return connectorError('cancelled', `${subject} at ${declaration.title} was cancelled.`, 'Start it again when you are ready.', error);
  }
  if (certificateCodes.test(code)) {
    return connectorError(
      'no-access',
      `The certificate of ${declaration.title} is not trusted (${code}).`,
      'Check the address, or let whoever runs the system renew its certificate. It is never skipped silently.',
      error,
    );
  }
  return connectorError(
    'unavailable',
    `${declaration.title} did not answer ${subject}${code === '' ? '' : ` (${code})`}.`,
    'Check the address and the network; the run tries again.',
    error,
  );
}

export function notJson(declaration: Declaration, subject: Subject, error: unknown): ConnectorError {
  return connectorError(
    'unreadable',
    `${declaration.title} answered ${subject} with something that is no JSON.`,
    'Check the base URL: it may lead to a page for people.',
    error,
  );
}

function messageOf(declaration: Declaration, body: string): string {
  let document: unknown;
  try {
    document = JSON.parse(body);
  } catch {
    return /^\s*</.test(body) ? '' : body.slice(0, 200).trim();
  }
  for (const pointer of declaration.message) {
    const said = at(document, pointer);
    if (typeof said === 'string' && said !== '') return said.slice(0, 300).replace(/\.$/, '');
  }
  return '';
}

/** Milliseconds from now; a date or seconds (RFC 9110). */
function retryAfter(header: string | string[] | undefined, now: number): number | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined) return undefined;
  const pause = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(pause) ? Math.max(0, pause) : undefined;
}
