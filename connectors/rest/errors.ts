// Translates what an HTTP API answers, or fails to answer, into connector errors, once, at this edge.
import type { ConnectorErrorCode } from '../contract.ts';
import { ConnectorError } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import { at } from './declaration.ts';
import type { Declaration } from './declaration.ts';
import type { Subject } from '../shared/http.ts';
import { pauseOf } from './quota.ts';

export interface BadAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** The answer behind an error, so that its status is asked for and not read out of words. */
export class RefusedAnswer extends Error {
  override readonly name = 'RefusedAnswer';
  readonly status: number;

  constructor(status: number, said: string) {
    super(said);
    this.status = status;
  }
}

export function statusOf(error: unknown): number | undefined {
  return error instanceof ConnectorError && error.cause instanceof RefusedAnswer ? error.cause.status : undefined;
}

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
  'schema-changed': 'Name the column as it is called now in the sync, or put the old name back.',
  locked: 'Wait until it is free there; the run tries again.',
  constraint: 'Change the value so that the system accepts it, or change its rule.',
  'logged-out': 'Sign in again: give the connection a new credential.',
  'no-access': 'Give the account the right to do this, or take it out of the sync ("allow").',
  'not-found': 'Check the dataset and the base URL of the connection.',
  throttled: 'The run waits and goes on by itself; "limits.requestsPerSecond" of the connection keeps below the limit.',
  'too-large': 'Send fewer rows at a time ("limits.batch" of the connection).',
  unsupported: 'The system cannot do this: take it out of the sync.',
  'disk-full': 'Ask whoever runs the system for more space.',
};

export function answerError(declaration: Declaration, subject: Subject, answer: BadAnswer, now: number): ConnectorError {
  const document = documentOf(answer.body);
  const said = messageOf(declaration, document, answer.body);
  const own = ownMeaning(declaration, answer, document);
  const code =
    own?.code ?? usual.find(([status]) => status === answer.status)?.[1] ?? (answer.status >= 500 ? 'unavailable' : 'unsupported');
  const retryAfterMs = code === 'throttled' || code === 'unavailable' ? pauseOf(declaration, answer.headers, now) : undefined;
  const column = own?.column ?? declaration.column.map((pointer) => at(document, pointer)).find((name) => typeof name === 'string');
  return connectorError(
    code,
    `${declaration.title} answered ${answer.status} to ${subject}${said === '' ? '' : `: ${said}`}.`,
    remedies[code] ?? 'Run again; if it stays, look at the system itself.',
    new RefusedAnswer(answer.status, said),
    {
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(column === undefined ? {} : { column }),
      // What a system has no word for comes as 500, such as a number that its database has no room for.
      ...(code === 'unavailable' && answer.status === 500 ? { mayBeValues: true } : {}),
    },
  );
}

/** The same refusal, of what is there. */
export function noAccess(error: ConnectorError): ConnectorError {
  return connectorError('no-access', error.message, remedies['no-access'] ?? error.remedy, error.cause);
}

interface Meaning {
  readonly code: ConnectorErrorCode;
  readonly column: string | undefined;
}

/** What the declaration says of this answer. */
function ownMeaning({ errors }: Declaration, { status, body }: BadAnswer, document: unknown): Meaning | undefined {
  for (const { status: wanted, at: pointer, matches, code } of errors) {
    if (wanted !== status) continue;
    const found = pointer === undefined ? body : at(document, pointer);
    const text = typeof found === 'string' ? found : found === undefined ? '' : JSON.stringify(found);
    const match = new RegExp(matches ?? '', 'i').exec(text);
    if (match !== null) return { code, column: match.groups?.['column'] };
  }
  return undefined;
}

export function notJson(declaration: Declaration, subject: Subject, error: unknown): ConnectorError {
  return connectorError(
    'unreadable',
    `${declaration.title} answered ${subject} with something that is no JSON.`,
    'Check the base URL: it may lead to a page for people.',
    error,
  );
}

function documentOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // Errors come in any form; without JSON the text itself is shown.
    return undefined;
  }
}

function messageOf(declaration: Declaration, document: unknown, body: string): string {
  if (document === undefined) return /^\s*</.test(body) ? '' : body.slice(0, 200).trim();
  for (const pointer of declaration.message) {
    const said = at(document, pointer);
    if (typeof said === 'string' && said !== '') return said.slice(0, 300).replace(/\.$/, '');
  }
  return '';
}
