// How systems hold values: the words that connectors share with the core, as types only.

/** A value as the system itself stores it. Files hold only text; a missing cell of a short row is `null`. */
export type Native = null | string | number | bigint | boolean | Uint8Array;

/** One row that was read: the native values in the order of the columns that were asked for. */
export type NativeRow = readonly Native[];

/** Native values to write, by column. */
export type NativeSet = Readonly<Record<string, Native>>;

/** A native key: the key columns' values as text, in the order of `DatasetRef.key`. */
export type NativeKey = readonly string[];

/** What kinds of write a dataset takes. */
export type WriteKind = 'create' | 'update' | 'delete';

/** What to do about an error. Decided where it arises; nobody reads a message to find out. */
export type Recovery = 'retry' | 'skip-record' | 'stop-connection' | 'stop-run' | 'ask-user';
