// Troubles that a test orders: what goes wrong with a write or a read, decided from outside.
import type { DatasetRef, NativeSet, ReadPage, WriteOperation } from '../contract.ts';

/**
 * `fail`: refused before anything is written. `locked`: the same, as another program would cause it. `lose-answer`: all is written, then the
 * connection breaks. `partial`: the first half is written, then the connection breaks. `half-answer`: all is written, and only the first half
 * is answered. `moved`: every update and delete is answered "moved".
 */
export type WriteFault = 'fail' | 'locked' | 'lose-answer' | 'partial' | 'half-answer' | 'moved';

/**
 * `duplicate-pages`: pages come twice. `reorder-pages`: pages come last to first, the end mark last. `incomplete`: the end mark says the read was
 * not complete. `no-end`: the stream stops before its last page, without an end mark. `break`: the connection breaks half-way. `locked`:
 * nothing can be read.
 */
export type ReadFault = 'duplicate-pages' | 'reorder-pages' | 'incomplete' | 'no-end' | 'break' | 'locked';

/**
 * What a remote system does with a request. `throttled`: refused for now. `failing`: its own failure, nothing is done. `timed-out`: done, but the
 * answer is lost. `logged-out`: the credential has expired.
 */
export type RequestFault = 'throttled' | 'failing' | 'timed-out' | 'logged-out';
/** A question to a store that it may refuse. */
export type Asked = 'describe' | 'read' | 'read-keys' | 'write' | 'log';

/**
 * What goes wrong with a log of changes. `break`: the connection breaks, half-way where keys are read. `purged`: the store has let go what nobody
 * had read yet. `dropped`: somebody has removed the consumer. `repeated`: pages come twice. A confirmation that is struck takes effect unless it
 * breaks, and its answer is lost.
 */
export type LogFault = 'break' | 'purged' | 'dropped' | 'repeated';

/** Asked once for each call; it may also change the store, as another program would at that moment. */
export interface Faults {
  /** Whether the store refuses the call before it does anything, as one that was asked too often does. */
  readonly refuses?: (call: { readonly store: string; readonly asked: Asked }) => boolean;
  /**
   * Called before each page, with the rows that it is about to show; may change the store, and the page then shows the rows as they are. Rows
   * that it answers are shown instead: those of some time ago.
   */
  readonly onPage?: (call: PageCall) => readonly NativeSet[] | undefined;
  /** Called after each write that took effect, before its answer. */
  readonly onWritten?: (call: { readonly store: string }) => void;
  readonly onWrite?: (call: {
    readonly store: string;
    readonly ref: DatasetRef;
    readonly operations: readonly WriteOperation[];
  }) => WriteFault | undefined;
  /** Asked for each single request, in which a remote store is read and written. */
  readonly onRequest?: (call: { readonly store: string; readonly what: 'page' | 'keys' | 'write' }) => RequestFault | undefined;
  readonly onLog?: (call: { readonly store: string; readonly what: 'start' | 'keys' | 'confirm' | 'end' }) => LogFault | undefined;
  /** The log reaches back to where it was read last: with it everything until now is known. */
  readonly onLogRead?: (call: { readonly store: string }) => void;
  readonly onRead?: (call: { readonly store: string; readonly ref: DatasetRef }) => readonly ReadFault[];
}

export interface PageCall {
  readonly store: string;
  readonly dataset: string;
  readonly index: number;
  readonly rows: readonly NativeSet[];
  /** The read lists only what changed since some time. */
  readonly isPartial: boolean;
}

/** The pages as the faults let them arrive. */
export function disturb(pages: readonly ReadPage[], faults: readonly ReadFault[]): readonly ReadPage[] {
  let arriving = pages;
  if (faults.includes('reorder-pages')) arriving = keepEndLast([...arriving].reverse());
  if (faults.includes('duplicate-pages')) arriving = keepEndLast(arriving.flatMap((page) => [page, page]));
  if (faults.includes('incomplete'))
    arriving = arriving.map((page) => (page.end === undefined ? page : { ...page, end: { ...page.end, complete: false } }));
  if (faults.includes('no-end')) arriving = arriving.slice(0, -1).map(withoutEnd);
  return arriving;
}

function keepEndLast(pages: readonly ReadPage[]): readonly ReadPage[] {
  const end = pages.find((page) => page.end !== undefined)?.end;
  return pages.map((page, index) => (index === pages.length - 1 && end !== undefined ? { ...page, end } : withoutEnd(page)));
}

function withoutEnd(page: ReadPage): ReadPage {
  const { keys, rows, problems } = page;
  return { keys, rows, problems };
}
