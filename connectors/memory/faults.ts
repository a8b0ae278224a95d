// Troubles that a test orders: what goes wrong with a write or a read, decided from outside.
import type { DatasetRef, ReadPage, WriteOperation } from '../contract.ts';

/**
 * `fail`: refused before anything is written. `locked`: the same, as another program would cause it. `lose-answer`: all is written, then the
 * connection breaks. `partial`: the first half is written, then the connection breaks. `moved`: every update and delete is answered "moved".
 */
export type WriteFault = 'fail' | 'locked' | 'lose-answer' | 'partial' | 'moved';

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

/** Asked once for each call; it may also change the store, as another program would at that moment. */
export interface Faults {
  readonly onWrite?: (call: {
    readonly store: string;
    readonly ref: DatasetRef;
    readonly operations: readonly WriteOperation[];
  }) => WriteFault | undefined;
  /** Asked for each single request, in which a remote store is read and written. */
  readonly onRequest?: (call: { readonly store: string; readonly what: 'page' | 'keys' | 'write' }) => RequestFault | undefined;
  readonly onRead?: (call: { readonly store: string; readonly ref: DatasetRef }) => readonly ReadFault[];
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
