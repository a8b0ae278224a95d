// What a place elsewhere must be able to do with one file, so that the connectors for files can work on it.

/** Tells one content of a file from another: an ETag, or time of change and size. */
export type FileVersion = string;

export interface RemoteStat {
  readonly version: FileVersion;
  /** Bytes. */
  readonly size: number;
  /** Epoch milliseconds, where the place tells. */
  readonly modified?: number;
}

/**
 * One file on a server. Every error is a `ConnectorError` that names `address`: `not-found`, `no-access`, `logged-out`, `unavailable` (the
 * connection broke: whether a `replace` took effect is not known), `throttled`, `disk-full`, `cancelled`. Closing it ends the connection.
 */
export interface RemoteFile extends AsyncDisposable {
  /** For people, without a secret: `sftp://ann@files.example.org/export/shop.csv`. */
  readonly address: string;
  /** Looks at the file without fetching it. Throws `not-found`. */
  stat(signal: AbortSignal): Promise<RemoteStat>;
  /**
   * Writes the content to a local file, streaming. The answer belongs to exactly these bytes. Throws `locked` when
   * the file was written while it was fetched. `isForReplacing`: its version is one that `replace` takes; that may have to be waited for.
   */
  fetch(to: string, signal: AbortSignal, options: { readonly isForReplacing: boolean }): Promise<RemoteStat>;
  /**
   * Puts a local file in place, whole or not at all, streaming, and only while the file there is still `version`. Undefined when it is not, or
   * is gone: then nothing was changed. Answers what lies there now.
   */
  replace(from: string, version: FileVersion, signal: AbortSignal): Promise<RemoteStat | undefined>;
  /** What lies beside it under one of these names (lock files of spreadsheet programs); none where the place cannot tell. */
  beside?(names: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
  /** The checks `reach`, `sign-in`, `read` and `write` (and `clock` where the place tells its time) of a connection test, without changing anything. */
  check(signal: AbortSignal): Promise<readonly import('../contract.ts').TestCheck[]>;
}
