// What the test of a connection says of a SQL server, in words for people.
import type { TestCheck } from '../contract.ts';
import { clockCheck, firstOf, numberWords } from '../shared/checks.ts';
import type { TableRights } from './tables.ts';

/** A larger difference of clocks makes a read by time or "newest wins" doubtful. */
const toleratedMs = 1000;

/** What can be listed, read and written, and whether the clocks agree. `readOnly`: why nothing can be written at all. */
export function tableChecks(tables: readonly TableRights[], skewMs: number, readOnly: string | undefined): readonly TestCheck[] {
  const readable = tables.filter(({ canRead }) => canRead).length;
  const writable = tables.filter(({ canWrite }) => canWrite).length;
  return [
    { name: 'list', isOk: tables.length > 0, says: `${countWords(tables)}.` },
    { name: 'read', isOk: readable > 0, says: `${numberWords(readable)} of them may be read.` },
    {
      name: 'write',
      isOk: writable > 0 && readOnly === undefined,
      says: readOnly === undefined ? `${numberWords(writable)} of them may be written.` : `${readOnly}: nothing can be written.`,
    },
    clockCheck(skewMs, toleratedMs, 'set "limits.skew" above that, or set the clock'),
  ];
}

export function countWords(tables: readonly unknown[]): string {
  return `${numberWords(tables.length)} ${tables.length === 1 ? 'table or view' : 'tables and views'}`;
}

/** The first tables with what may be done with them, then the least rights as SQL for whoever runs the server. */
export function tableDetails(tables: readonly TableRights[], grants: readonly string[]): readonly string[] {
  return [
    ...firstOf(tables, (table) => `${table.name}: ${rightWords(table)}`),
    'To give an account just what a sync of one table needs:',
    ...grants,
  ];
}

function rightWords({ canRead, canWrite }: TableRights): string {
  if (!canRead) return 'may not be read';
  return canWrite ? 'read and write' : 'read only';
}
