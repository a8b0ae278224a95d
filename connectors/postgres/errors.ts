// Translates what PostgreSQL and the way to it say into connector errors, once, at this edge. Nothing is told from the words of the server.
import pg from 'pg';
import type { ConnectorErrorCode } from '../contract.ts';
import { ConnectorError } from '../contract.ts';
import { certificateError } from '../shared/certificates.ts';
import { connectorError } from '../shared/errors.ts';

/** A SQLSTATE or its class (PostgreSQL documentation, appendix A), and what it means here. */
interface Meaning {
  readonly state: RegExp;
  readonly code: ConnectorErrorCode;
  /** What happened, before the server's own words. */
  readonly what: string;
  readonly remedy: string;
}

const signInRemedy = "Check the user and the password of the connection, and the server's pg_hba.conf.";
/** What the driver says of a server that declines TLS. */
const noTls = 'The server does not support SSL connections';
const tryAgain = 'Nothing was written; the run tries again.';
const changeValue = 'Change the value so that the database accepts it, or change the rule in the database.';

/** The first that fits counts. */
const meanings: readonly Meaning[] = [
  {
    state: /^28/,
    code: 'logged-out',
    what: 'refused to sign in',
    remedy: signInRemedy,
  },
  {
    state: /^3D000$/,
    code: 'not-found',
    what: 'has no such database',
    remedy: 'Check the name of the database in the connection.',
  },
  {
    state: /^(3F000|42P01)$/,
    code: 'not-found',
    what: 'has no such table',
    remedy: 'Name an existing table or view as the dataset.',
  },
  {
    state: /^42501$/,
    code: 'no-access',
    what: 'does not allow this',
    remedy: 'Grant the right to the user of the connection; the test of the connection shows the SQL.',
  },
  {
    state: /^25006$/,
    code: 'no-access',
    what: 'can only be read',
    remedy: 'Connect to the primary server; this one is a standby or read only.',
  },
  {
    state: /^(40001|40P01|55P03|55006)$/,
    code: 'locked',
    what: 'is busy with the same rows',
    remedy: tryAgain,
  },
  {
    state: /^57014$/,
    code: 'unavailable',
    what: 'took longer than is allowed',
    remedy: 'Look for what blocks or slows the table; the run tries again.',
  },
  { state: /^53100$/, code: 'disk-full', what: 'has no room left', remedy: 'Ask whoever runs the server for more space.' },
  {
    state: /^(53300|53400)$/,
    code: 'throttled',
    what: 'takes no more connections',
    remedy: 'The run waits; close other programs or raise max_connections.',
  },
  { state: /^(22|23|P0001$|44000$|428C9$|42804$|54000$|54023$)/, code: 'constraint', what: 'refused the row', remedy: changeValue },
  {
    state: /^(42|0A|26|34)/,
    code: 'schema-changed',
    what: 'does not have the form the sync expects',
    remedy: 'Check tables, columns and types of the database.',
  },
];

/** Any error on the way to or from the server as a connector error; `server` names it, and the table or row where there is one. */
export function translate(error: unknown, server: string): unknown {
  if (error instanceof ConnectorError || !(error instanceof Error)) return error;
  return error instanceof pg.DatabaseError ? serverError(error, server) : transportError(error, server);
}

function serverError(error: pg.DatabaseError, server: string): ConnectorError {
  const said = `${error.message}${error.detail === undefined ? '' : ` (${error.detail.replace(/\.$/, '')})`}`;
  const facts = error.column === undefined ? {} : { column: error.column };
  if (isRowPolicy(error)) return connectorError('constraint', `${server} refused the row: ${said}.`, changeValue, error, facts);
  const meaning = meanings.find(({ state }) => state.test(error.code ?? ''));
  if (meaning !== undefined) return connectorError(meaning.code, `${server} ${meaning.what}: ${said}.`, meaning.remedy, error, facts);
  return connectorError(
    'unavailable',
    `${server} failed: ${said} (${error.code ?? 'no code'}).`,
    'Look at the log of the server; the run tries again.',
    error,
  );
}

/** A row that a policy of row level security keeps out has the code of a missing right, but says so of this row only. */
function isRowPolicy(error: pg.DatabaseError): boolean {
  return error.code === '42501' && error.routine === 'ExecWithCheckOptions';
}

function transportError(error: Error, server: string): ConnectorError {
  const code = 'code' in error ? String(error.code) : '';
  if (error.message.startsWith('SASL')) {
    // The driver's own words: it signs in by itself (SCRAM), and has no code for that.
    return connectorError('logged-out', `${server} refused to sign in: ${error.message}.`, signInRemedy, error);
  }
  if (error.message === noTls) {
    return connectorError(
      'invalid-config',
      `${server} does not encrypt its connections.`,
      'Let the server use TLS, or set "tls: off" where nobody else can listen.',
      error,
    );
  }
  const untrusted = certificateError(server, error);
  if (untrusted !== undefined) return untrusted;
  return connectorError(
    'unavailable',
    `${server} did not answer: ${error.message}${code === '' ? '' : ` (${code})`}.`,
    'Check host, port and the network; the run tries again.',
    error,
  );
}

/** The database refused this row; others may be fine. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof ConnectorError) return error.recovery === 'skip-record';
  return error instanceof pg.DatabaseError && (isRowPolicy(error) || stateCode(error) === 'constraint');
}

/** The session is over: what was said before it ended may not have been heard. */
export function endsSession(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return /^(57P0|08|XX)/.test(error.code ?? '');
  return !(error instanceof ConnectorError);
}

/** Somebody else worked on the same rows: all of it was undone and can be done again. */
export function isCollision(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === '40001' || error.code === '40P01');
}

/** A text that is no value of the type it was compared with. */
export function isNoValue(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code ?? '').startsWith('22');
}

/** A value that must not be empty and was, in this column. */
export function emptyColumn(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError && error.code === '23502' ? error.column : undefined;
}

function stateCode(error: pg.DatabaseError): ConnectorErrorCode | undefined {
  return meanings.find(({ state }) => state.test(error.code ?? ''))?.code;
}
