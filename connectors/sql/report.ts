// What the test of a connection says of a SQL server, in words for people.
import type { TestCheck } from '../contract.ts';
import type { TableRights } from './tables.ts';

/** A difference of clocks that makes a read by time or "newest wins" doubtful. */
const skewWorthSayingMs = 1000;
/** Tables that are named in a report. */
const namedTables = 20;

/** What can be listed, read and written, and whether the clocks agree. `readOnly`: why nothing can be written at all. */
export function tableChecks(tables: readonly TableRights[], skewMs: number, readOnly: string | undefined): readonly TestCheck[] {
  const readable = tables.filter(({ canRead }) => canRead).length;
  const writable = tables.filter(({ canWrite }) => canWrite).length;
  return [
    { name: 'list', isOk: tables.length > 0, says: `${countWords(tables)}.` },
    { name: 'read', isOk: readable > 0, says: `${readable} of them may be read.` },
    {
      name: 'write',
      isOk: writable > 0 && readOnly === undefined,
      says: readOnly === undefined ? `${writable} of them may be written.` : `${readOnly}: nothing can be written.`,
    },
    { name: 'clock', isOk: Math.abs(skewMs) < skewWorthSayingMs, says: clockWords(skewMs) },
  ];
}

export function countWords(tables: readonly TableRights[]): string {
  return `${tables.length} ${tables.length === 1 ? 'table or view' : 'tables and views'}`;
}

/** The first tables with what may be done with them, then the least rights as SQL for whoever runs the server. */
export function tableDetails(tables: readonly TableRights[], grants: readonly string[]): readonly string[] {
  return [
    ...tables.slice(0, namedTables).map((table) => `${table.name}: ${rightWords(table)}`),
    ...(tables.length > namedTables ? [`and ${tables.length - namedTables} more`] : []),
    'To give an account just what a sync of one table needs:',
    ...grants,
  ];
}

function rightWords({ canRead, canWrite }: TableRights): string {
  if (!canRead) return 'may not be read';
  return canWrite ? 'read and write' : 'read only';
}

function clockWords(skewMs: number): string {
  const seconds = Math.abs(skewMs / 1000).toFixed(1);
  if (Math.abs(skewMs) < skewWorthSayingMs) return 'The clocks agree.';
  return `The clock of the server is ${seconds} s ${skewMs > 0 ? 'ahead' : 'behind'}: set "limits.skew" above that, or set the clock.`;
}
