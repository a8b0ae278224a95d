// Translates what MySQL, MariaDB and the way to them say into connector errors, once, at this edge. Nothing is told from the words of the server.
import type { ConnectorErrorCode } from '../contract.ts';
import { ConnectorError } from '../contract.ts';
import { certificateError } from '../shared/certificates.ts';
import { connectorError } from '../shared/errors.ts';

/** Numbers of server errors (MySQL and MariaDB error references) and what they mean here. */
interface Meaning {
  readonly numbers: readonly number[];
  readonly code: ConnectorErrorCode;
  /** What happened, before the server's own words. */
  readonly what: string;
  readonly remedy: string;
}

/** What the driver knows of an error. A server's answer carries a number; the way to it only a code. */
interface DriverError extends Error {
  readonly code?: string;
  readonly errno?: number;
  readonly sqlState?: string;
  readonly fatal?: boolean;
}

const signInRemedy = 'Check the user and the password of the connection, and that the account may sign in from this computer.';
const tryAgain = 'Nothing was written; the run tries again.';
const changeValue = 'Change the value so that the database accepts it, or change the rule in the database.';
const deadlock = 1213;

/** The first that fits counts; after them, the class of the SQLSTATE. */
const meanings: readonly Meaning[] = [
  {
    numbers: [1045, 1251, 1524, 1698, 1820, 1862, 3118, 3955, 4151],
    code: 'logged-out',
    what: 'refused to sign in',
    remedy: signInRemedy,
  },
  { numbers: [1049], code: 'not-found', what: 'has no such database', remedy: 'Check the name of the database in the connection.' },
  { numbers: [1051, 1146], code: 'not-found', what: 'has no such table', remedy: 'Name an existing table or view as the dataset.' },
  {
    numbers: [1290, 1792, 1836, 3032],
    code: 'no-access',
    what: 'can only be read',
    remedy: 'Connect to the primary server; this one is a replica or read only.',
  },
  {
    numbers: [1044, 1095, 1142, 1143, 1227, 1356, 1370],
    code: 'no-access',
    what: 'does not allow this',
    remedy: 'Grant the right to the user of the connection; the test of the connection shows the SQL.',
  },
  { numbers: [1020, 1205, deadlock, 1637, 3572], code: 'locked', what: 'is busy with the same rows', remedy: tryAgain },
  {
    numbers: [1317, 1969, 3024],
    code: 'unavailable',
    what: 'took longer than is allowed',
    remedy: 'Look for what blocks or slows the table; the run tries again.',
  },
  { numbers: [1021, 1114], code: 'disk-full', what: 'has no room left', remedy: 'Ask whoever runs the server for more space.' },
  {
    numbers: [1040, 1129, 1203, 1226],
    code: 'throttled',
    what: 'takes no more connections',
    remedy: 'The run waits; close other programs or raise max_connections.',
  },
  { numbers: [1153], code: 'too-large', what: 'takes no statement as large as this', remedy: 'Raise max_allowed_packet of the server.' },
  {
    // Rules that carry no SQLSTATE of their own, and values that are none of the column's type.
    numbers: [
      1118, 1265, 1292, 1364, 1366, 1411, 1416, 1423, 1425, 1442, 1525, 1644, 1748, 1906, 3105, 3140, 3141, 3157, 3554, 3819, 3903, 4025,
      4161,
    ],
    code: 'constraint',
    what: 'refused the row',
    remedy: changeValue,
  },
];

const byState: readonly { readonly state: RegExp; readonly meaning: Omit<Meaning, 'numbers'> }[] = [
  { state: /^(22|23|44|45)/, meaning: { code: 'constraint', what: 'refused the row', remedy: changeValue } },
  {
    state: /^42/,
    meaning: {
      code: 'schema-changed',
      what: 'does not have the form the sync expects',
      remedy: 'Check tables, columns and types of the database.',
    },
  },
];

/** Any error on the way to or from the server as a connector error; `server` names it, and the table or row where there is one. */
export function translate(error: unknown, server: string): unknown {
  if (error instanceof ConnectorError || !(error instanceof Error)) return error;
  // The driver hangs the whole statement on its errors, with all values: they belong in no log.
  Reflect.deleteProperty(error, 'sql');
  return isServerError(error) ? serverError(error, server) : transportError(error, server);
}

/** The server itself answered: numbers of the client begin at 2000, those of the newer servers above them have an SQLSTATE. */
function isServerError(error: DriverError): boolean {
  return typeof error.errno === 'number' && error.errno >= 1000 && error.sqlState !== undefined;
}

function meaningOf({ errno, sqlState }: DriverError): Omit<Meaning, 'numbers'> | undefined {
  return (
    meanings.find(({ numbers }) => errno !== undefined && numbers.includes(errno)) ??
    byState.find(({ state }) => state.test(sqlState ?? ''))?.meaning
  );
}

function serverError(error: DriverError, server: string): ConnectorError {
  const said = error.message.replace(/\.$/, '');
  const meaning = meaningOf(error);
  if (meaning !== undefined) {
    const column = columnAtFault(error);
    const facts = column === undefined ? {} : { column };
    return connectorError(meaning.code, `${server} ${meaning.what}: ${said}.`, meaning.remedy, error, facts);
  }
  return connectorError(
    'unavailable',
    `${server} failed: ${said} (${error.errno}).`,
    'Look at the log of the server; the run tries again.',
    error,
  );
}

/** A column that must not be empty: the only place where the server names it alone, in quotes. */
export function columnAtFault(error: unknown): string | undefined {
  const isEmpty = error instanceof Error && [1048, 1364].includes((error as DriverError).errno ?? 0);
  return isEmpty ? /'([^']*)'/.exec(error.message)?.[1] : undefined;
}

function transportError(error: DriverError, server: string): ConnectorError {
  const code = error.code ?? '';
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT') {
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
  return error instanceof Error && isServerError(error) && meaningOf(error)?.code === 'constraint';
}

/** Numbers with which a server takes its leave. */
const farewells = [1053, 1080, 1152, 1153, 1158, 1159, 1160, 1161, 1184, 1927, 4031];

/** The session is over: what was said before it ended may not have been heard. */
export function endsSession(error: unknown): boolean {
  if (error instanceof ConnectorError || !(error instanceof Error)) return false;
  const { errno, fatal }: DriverError = error;
  return fatal === true || !isServerError(error) || farewells.includes(errno ?? 0);
}

/** Somebody else worked on the same rows: the server has undone all of the transaction, and it can be done again. */
export function isCollision(error: unknown): boolean {
  return error instanceof Error && (error as DriverError).errno === deadlock;
}

/** A text that is no value of the type it was compared with. */
export function isNoValue(error: unknown): boolean {
  return error instanceof Error && [1292, 1525, 1411].includes((error as DriverError).errno ?? 0);
}

/** The user lacks a right. */
export function isNotAllowed(error: unknown): boolean {
  return error instanceof Error && isServerError(error) && meaningOf(error)?.code === 'no-access';
}

/** The log of changes from this place is no longer there. */
export function isPurged(error: unknown): boolean {
  return error instanceof Error && [1236, 1373, 1789].includes((error as DriverError).errno ?? 0);
}

/** An error of the server or of the way to it, not of what reads its answers. */
export function isOfServer(error: unknown): boolean {
  return error instanceof Error && ((error as DriverError).code !== undefined || (error as DriverError).errno !== undefined);
}
