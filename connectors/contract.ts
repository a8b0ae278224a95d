// What a connector is: the one contract between the engine and every system that holds records.

import type { Native, NativeKey, NativeRow, NativeSet, Recovery, WriteKind } from './native.ts';

export type { Native, NativeKey, NativeRow, NativeSet, Recovery, WriteKind };

/** The codes connectors use; `docs` of each are in connectors/README.md. */
export type ConnectorErrorCode =
  | 'not-found' // file, table or dataset does not exist
  | 'empty' // the source exists and holds nothing at all, not even a header
  | 'no-access' // permission refused
  | 'locked' // another program holds it; try again later
  | 'unreadable' // not in the expected form, cannot be decoded
  | 'schema-changed' // a requested column is gone, the header changed
  | 'invalid-config' // the connection's own configuration is wrong
  | 'unsupported' // the system cannot do what was asked
  | 'disk-full'
  | 'constraint' // the target refused this record
  | 'unavailable' // connection lost, time-out, the system's own failure; whether a write took effect is not known
  | 'throttled' // refused for now: too many requests or a used-up quota; nothing was done
  | 'logged-out' // the credential is missing, expired or revoked
  | 'too-large' // a request with fewer operations would be taken; nothing was done
  | 'cancelled';

/** An error of a connector: what happened, to what, and what to do. Never carries a secret. */
export class ConnectorError extends Error {
  override readonly name = 'ConnectorError';
  readonly code: ConnectorErrorCode;
  readonly recovery: Recovery;
  /** One sentence that tells the person what to do next. */
  readonly remedy: string;
  /** How long the system asks to be left alone, in milliseconds (`Retry-After`). */
  readonly retryAfterMs?: number;
  /** The column at fault, where the system names it. */
  readonly column?: string;
  /** The system is up and failed on this request: what stood in it may be why. */
  readonly mayBeValues?: boolean;

  constructor(code: ConnectorErrorCode, recovery: Recovery, message: string, remedy: string, more: ErrorFacts = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.recovery = recovery;
    this.remedy = remedy;
    if (more.retryAfterMs !== undefined) this.retryAfterMs = more.retryAfterMs;
    if (more.column !== undefined) this.column = more.column;
    if (more.mayBeValues !== undefined) this.mayBeValues = more.mayBeValues;
  }

  /** The same error in other words. */
  retold(message: string, remedy = this.remedy): ConnectorError {
    const { code, recovery, retryAfterMs, column, mayBeValues } = this;
    return new ConnectorError(code, recovery, message, remedy, {
      cause: this,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(column === undefined ? {} : { column }),
      ...(mayBeValues === undefined ? {} : { mayBeValues }),
    });
  }
}

/** What is known of an error besides its words. */
export interface ErrorFacts {
  readonly cause?: unknown;
  readonly retryAfterMs?: number;
  readonly column?: string;
  readonly mayBeValues?: boolean;
}

export interface ColumnInfo {
  readonly name: string;
  /** The system's own word for the type, for people (`varchar(40)`, `text`). */
  readonly nativeType: string;
  readonly nullable: boolean;
  /** The longest text the column takes, in characters, where the system says so. */
  readonly maxLength?: number;
  /** Values are set by the system and cannot be written. */
  readonly generated?: boolean;
}

export interface DatasetInfo {
  readonly name: string;
  readonly kind: 'file' | 'table' | 'view' | 'sheet' | 'memory';
}

export interface DatasetSchema {
  readonly dataset: string;
  readonly columns: readonly ColumnInfo[];
  /** The system's own primary key, where it has one. */
  readonly primaryKey: readonly string[];
  /** Number of rows where it is known without reading them all. */
  readonly rows?: number;
  /** What was detected, in words for people: `["Separator ;", "Windows-1252", "CRLF"]`. */
  readonly detected: readonly string[];
  /** Whether a cell can hold null apart from empty text. */
  readonly tellsNullFromEmpty: boolean;
  /** What a write sets off in the system besides, in sentences for people: triggers, mails, bills. A plan says them before anything is written. */
  readonly sideEffects?: readonly string[];
}

/** A dataset as one sync uses it. */
export interface DatasetRef {
  readonly dataset: string;
  readonly key: readonly string[];
  /** A filter in the system's own language; refused with `unsupported` where there is none. */
  readonly where?: string;
  /** How a new row gets its key when no mapped field fills it and the system does not give one. */
  readonly newKey?: 'next' | 'uuid';
}

export interface ReadRequest {
  readonly ref: DatasetRef;
  /** Columns wanted besides the key. A missing one is `schema-changed`, before any row. */
  readonly columns: readonly string[];
  /** Read only rows changed at or after a value of this column, ordered by it and the key. */
  readonly since?: { readonly column: string; readonly value: Native };
  readonly signal: AbortSignal;
}

/** A row that could not be read. It is left alone: never written, never taken for deleted. */
export interface RowProblem {
  /** Where, for people: `line 17`. */
  readonly where: string;
  readonly key?: NativeKey;
  /** The row could be read, but a key column is empty. */
  readonly isKeyless?: boolean;
  readonly why: string;
}

/**
 * A page of a read. Rows come in any order and may come twice (the engine copes); `rows[i]` belongs to `keys[i]` and holds the cells in the
 * order of `ReadRequest.columns`.
 * The last page of a read that reached the end carries `end`; a read without it proves nothing about absence.
 */
export interface ReadPage {
  readonly keys: readonly NativeKey[];
  readonly rows: readonly NativeRow[];
  readonly problems: readonly RowProblem[];
  readonly end?: ReadEnd;
  /** How far the read is, 0 to 1, where the system can tell (bytes of a file). */
  readonly progress?: number;
}

export interface ReadEnd {
  /** Every row of the dataset (inside `where`) was listed. False for reads with `since`. */
  readonly complete: boolean;
  /** Grows with each change of the dataset; a smaller one than before means a restored backup. */
  readonly position?: number;
  /** Epoch milliseconds: a change that carries an earlier time was listed. What was written later, or is not yet committed, may come. */
  readonly settled?: number;
}

export interface WriteOperation {
  /** The engine's id; comes back with the result, and is the idempotency key of a create. */
  readonly id: number;
  readonly kind: WriteKind;
  /** Absent for a create whose key the system or `newKey` gives. */
  readonly key?: NativeKey;
  /** Native values to write by column: all mapped ones for a create, only changed ones for an update, none for a delete. */
  readonly set: NativeSet;
  /**
   * Called with the row as it is now (in the order of `WriteRequest.columns`), inside the same transaction or right before the write.
   * False: the row moved since the plan and must not be written. Not called for a create.
   */
  readonly expects?: (current: NativeRow) => boolean;
}

export interface WriteRequest {
  readonly ref: DatasetRef;
  /** Columns to hand to `expects` and to return in `row`. */
  readonly columns: readonly string[];
  readonly operations: readonly WriteOperation[];
  readonly signal: AbortSignal;
}

export type WriteResult =
  /** Done. `row` is what the system now holds (read back where it can); absent for a delete. */
  | { readonly id: number; readonly status: 'done'; readonly key: NativeKey; readonly row?: NativeRow }
  /** The row is not what the plan expected, or is gone: nothing was written. */
  | { readonly id: number; readonly status: 'moved'; readonly row?: NativeRow }
  | { readonly id: number; readonly status: 'failed'; readonly error: ConnectorError };

/** One thing that a connection test looked at. */
export interface TestCheck {
  readonly name: 'reach' | 'sign-in' | 'list' | 'read' | 'write' | 'clock';
  readonly isOk: boolean;
  /** One sentence for people. */
  readonly says: string;
}

/** What a connection test found, for people. */
export interface TestReport {
  readonly message: string;
  readonly details: readonly string[];
  /** Each thing that was looked at, in that order. */
  readonly checks?: readonly TestCheck[];
}

export interface Capabilities {
  readonly write: readonly WriteKind[];
  /** `atomic`: a request happens as a whole or not at all; `row`: each operation by itself. */
  readonly atomicity: 'atomic' | 'row';
  /** Operations in one request at most. */
  readonly maxBatch: number;
  /** Can read by cursor (`ReadRequest.since`). */
  readonly cursor: boolean;
  /** Keeps a log of changes that can be read on from where one stopped (`Connection.log`). Default: no. */
  readonly log?: boolean;
  /** `readKeys` tells "not found" from "not allowed", so it can confirm an absence. */
  readonly confirmsAbsence: boolean;
  /** Takes `DatasetRef.where`. */
  readonly filters: boolean;
  /** A row may come twice in one read, as from pages that overlap. Otherwise the same key twice is two rows. */
  readonly repeats?: boolean;
  /** Gives new rows their key when none is written (autoincrement). */
  readonly assignsKeys: boolean;
  /** Requests that may be under way at a time. Default: 1. */
  readonly parallel?: number;
  /** Each write request goes through everything that is there, so that few large ones are wanted. Default: no. */
  readonly rewrites?: boolean;
  /** Cells hold nothing but text, and an empty one is the same as none. Default: no. */
  readonly textual?: boolean;
}

/** Where a change log stands. */
export interface LogStart {
  /** Everything committed until now. A read that begins now can later be continued from here. */
  readonly until: string;
  /** Every change since the moment that was asked for is there. */
  readonly reachesBack: boolean;
  /** Why it does not reach back, in words for people, where that is no matter of course. */
  readonly why?: string;
}

/** Keys of changed rows. With `lost` the log cannot say what happened, and everything must be read; nothing follows. */
export interface LogPage {
  readonly keys: readonly NativeKey[];
  readonly lost?: string;
}

/**
 * The system's own record of changes. It tells which keys were touched; what the rows hold now is asked of the table itself (`readKeys`). A
 * consumer is whoever reads on from where it stopped, a name of the engine's. Tokens (`since`, `until`) belong to the system.
 */
export interface ChangeLog {
  /** Says where the log stands. `mayBegin`: starts to keep it for this consumer where it is not kept yet. */
  start(
    ref: DatasetRef,
    consumer: string,
    options: { readonly since?: string; readonly mayBegin: boolean; readonly signal: AbortSignal },
  ): Promise<LogStart | undefined>;
  /** The keys of rows that were created, changed or deleted between two moments; a key may come more than once. */
  keys(
    ref: DatasetRef,
    consumer: string,
    span: { readonly since: string; readonly until: string; readonly signal: AbortSignal },
  ): AsyncIterable<LogPage>;
  /** Everything until this moment is dealt with; the system need not keep it. Answers the token that stands for the moment from now on. */
  confirm(consumer: string, until: string, signal: AbortSignal): Promise<string>;
  /** Stops keeping the log and removes what was made for it. Not there is fine. */
  end(consumer: string, signal: AbortSignal): Promise<void>;
}

/** A hash of 64 bits: two numbers from 0 to 2^32 - 1. */
export interface RowHash {
  readonly high: number;
  readonly low: number;
}

/** How many rows a segment holds, and the sum of their hashes modulo 2^64. */
export interface SegmentSum {
  readonly count: number;
  readonly sum: bigint;
}

/**
 * Compares the rows of a dataset with those that are known of it, without carrying them: rows fall into segments by their hashes, the system
 * sums each segment up, and only segments whose sums differ are read. A segment is alike only where it holds exactly the rows that were
 * expected, each as often as it was expected. Two that differ pass for alike once in 2^64, unless somebody makes collisions of the system's hash
 * on purpose. What differs only in how it is written may pass for different, which costs time and nothing else.
 */
export interface Comparison extends AsyncDisposable {
  /** A power of two: a row is in the segment that the lowest bits of its hash name. */
  readonly segments: number;
  /** What hashes depend on besides the rows: those of another comparison are good where this is the same. */
  readonly form: string;
  /** The cell that a read gives where this value was written to the column, which is at this place in the `columns` that were asked for. */
  shown(value: Native, at: number): Native;
  /** The hash of a row with cells as `shown` gives them. */
  hash(key: NativeKey, row: NativeRow): RowHash;
  /**
   * Called once, with what each segment should hold. `pages` are the rows of all segments but the `alike` ones, as they were when the segments were
   * summed up; they end as those of a read do.
   */
  rest(expected: readonly SegmentSum[]): Promise<{ readonly alike: ReadonlySet<number>; readonly pages: AsyncIterable<ReadPage> }>;
}

/** An open connection. Closing it releases every file and handle. */
export interface Connection extends AsyncDisposable {
  test(signal: AbortSignal): Promise<TestReport>;
  datasets(signal: AbortSignal): Promise<readonly DatasetInfo[]>;
  describe(dataset: string, signal: AbortSignal): Promise<DatasetSchema>;
  read(request: ReadRequest): AsyncIterable<ReadPage>;
  /**
   * Rows by key, ignoring `where`, in the order of `columns`. Keys that are not there are simply missing from the answer, keyed by
   * `JSON.stringify(key)`.
   */
  readKeys(
    ref: DatasetRef,
    keys: readonly NativeKey[],
    columns: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, NativeRow>>;
  /**
   * One result for each operation, in any order. Throws when nothing is known about the whole request, and `constraint` or `too-large` when it
   * was refused as a whole and nothing of it was done: the engine then splits it until the record at fault stands alone.
   */
  write(request: WriteRequest): Promise<readonly WriteResult[]>;
  /** Where the system can sum rows up by itself; undefined where it cannot for these columns, and all must be read. */
  compare?(request: Omit<ReadRequest, 'since'>): Promise<Comparison | undefined>;
  /** Where the system keeps one: see `Capabilities.log`. */
  readonly log?: ChangeLog;
  /** What is left of the system's quota, as its last answer said; absent where it does not tell. */
  quota?(): Quota | undefined;
}

/** A quota of requests. */
export interface Quota {
  readonly limit: number;
  readonly remaining: number;
  /** Epoch milliseconds. */
  readonly resetsAt?: number;
}

export interface SendOptions {
  readonly signal: AbortSignal;
  /** Sending it twice does no more than once: reads, and writes with an idempotency key. */
  readonly isRepeatable: boolean;
}

/**
 * Carries one request to a remote system: waits for its turn (all syncs of a connection share the rate), sends again what may be sent again
 * after a pause, obeys `retryAfterMs`, and fails at once while the system is being spared. Programs on this computer need not use it.
 */
export type Send = <T>(request: () => Promise<T>, options: SendOptions) => Promise<T>;

/** What a connection is given from outside, so that tests can own it. */
export interface ConnectorContext {
  /** Relative paths of the configuration start here. */
  readonly baseFolder: string;
  /** A folder of the workspace for backups of files before they are replaced. */
  readonly backupFolder: string;
  readonly secret: (name: string) => string | undefined;
  /** Keeps a secret that the system gave in place of another, such as a new refresh token. Absent where nothing can be kept. */
  readonly saveSecret?: (name: string, value: string) => void;
  readonly now: () => number;
  readonly uuid: () => string;
  readonly send: Send;
}

/** A person's part in signing in. */
export interface LoginOptions {
  /** Shows the address that the person opens in a browser. */
  readonly show: (address: string) => void;
  readonly signal: AbortSignal;
}

/**
 * One system. `configSchema` is a Standard Schema (zod) that also makes the published JSON Schema and the form in the window: its description is
 * one sentence on what the connector leads to, `format: 'path'` marks files of this computer, and `examples` are offered.
 */
export interface Connector<Config = unknown> {
  readonly id: string;
  readonly title: string;
  readonly configSchema: import('zod').ZodType<Config>;
  /** Names of the secrets it asks for. */
  readonly secrets: readonly string[];
  readonly capabilities: Capabilities;
  /** What a connection with this configuration can do, where that is less. Asked through `capabilitiesOf`. */
  capabilitiesFor?(config: Config): Capabilities;
  /** The files that it reads and writes, where these are files of this computer. */
  files?(config: Config, context: Pick<ConnectorContext, 'baseFolder'>): readonly string[];
  /** SQL that ends a consumer's log of changes by hand, where one leaves something in its system. */
  logRemoval?(consumer: string): string;
  open(config: Config, context: ConnectorContext): Promise<Connection>;
  /** Whether a person can sign in with this configuration. Asked where there is a `login`. */
  signsIn?(config: Config, context: Pick<ConnectorContext, 'baseFolder'>): Promise<boolean>;
  /** Lets a person sign in, and gives the secrets to keep, by name. Throws `unsupported` where nobody signs in. */
  login?(config: Config, context: ConnectorContext, options: LoginOptions): Promise<Readonly<Record<string, string>>>;
}
