// Asks whether reading only what changed would have heard of everything: reads each place whole and compares with what is known. Writes nothing.
import type { NativeKey, NativeRow } from '../../connectors/contract.ts';
import { equalValues } from '../core/model/value.ts';
import type { Value, Values } from '../core/model/value.ts';
import { linkStatus, linkTable } from '../store/tables/links.ts';
import { stateTable } from '../store/tables/states.ts';
import { syncTable } from '../store/tables/syncs.ts';
import type { Db } from '../store/open.ts';
import { withPatience } from './gate.ts';
import { rowHash } from './hash53.ts';
import { imageOf, modifiedAt, readRow } from './native-row.ts';
import { NumberSet } from './number-set.ts';
import { pause } from './planning-task.ts';
import type { Report } from './planning-task.ts';
import { atEndpoint } from './sync-context.ts';
import type { EndpointContext, SyncContext } from './sync-context.ts';

/** A change that a read by time would not list. */
export interface MissedChange {
  readonly key: NativeKey;
  /** Epoch milliseconds; absent where the row says no time. */
  readonly modified?: number;
  /** The row is not known at all. */
  readonly isNew: boolean;
  readonly field?: string;
  readonly known?: Value;
  readonly now?: Value;
}

export interface EndpointAudit {
  /** Read whole each time, so that there is nothing to miss. */
  readonly isWhole: boolean;
  readonly rows: number;
  /** Changes that the next read by time will list, as it should. */
  readonly listed: number;
  readonly missed: number;
  /** Rows that are gone, which no read by time tells. */
  readonly gone: number;
  /** Rows without a time of change, and rows from the future. */
  readonly timeless: number;
  readonly future: number;
  /** The first of the missed ones. */
  readonly examples: readonly MissedChange[];
  /** What to do, in words, most useful first. */
  readonly proposals: readonly string[];
}

export interface AuditReport {
  /** Nothing is missed, nothing is proposed. */
  readonly sound: boolean;
  readonly endpoints: Readonly<Record<string, EndpointAudit>>;
}

interface AuditTask {
  readonly db: Db;
  readonly sync: SyncContext;
  readonly signal: AbortSignal;
  readonly report: Report;
  readonly now: number;
}

const examplesListed = 20;
const hour = 3_600_000;

export async function audit(task: AuditTask): Promise<AuditReport> {
  const endpoints: Record<string, EndpointAudit> = {};
  for (const endpoint of task.sync.endpoints) {
    const { name } = endpoint.model;
    endpoints[name] = await withPatience(endpoint.gate, task.signal, () => atEndpoint(name, () => auditEndpoint(task, endpoint)));
  }
  return { sound: Object.values(endpoints).every(({ proposals }) => proposals.length === 0), endpoints };
}

async function auditEndpoint(task: AuditTask, endpoint: EndpointContext): Promise<EndpointAudit> {
  const { cursor } = endpoint.row;
  if (endpoint.config.changes !== 'cursor' || endpoint.modified === undefined || cursor === null)
    return { isWhole: true, rows: 0, listed: 0, missed: 0, gone: 0, timeless: 0, future: 0, examples: [], proposals: [] };
  const found = new Findings(task, endpoint, Date.parse(cursor) - task.sync.model.skewMs);
  for await (const page of endpoint.connection.read({ ref: endpoint.ref, columns: endpoint.columns, signal: task.signal })) {
    for (const problem of page.problems) if (problem.key) found.meet(JSON.stringify(problem.key));
    for (const [at, key] of page.keys.entries()) found.take(key, page.rows[at] ?? []);
    task.report({ phase: 'verify', endpoint: endpoint.model.name, done: found.rows });
    await pause(task);
  }
  return found.end();
}

class Findings {
  rows = 0;
  private readonly task: AuditTask;
  private readonly endpoint: EndpointContext;
  /** Rows last changed before this are not listed by the next read. */
  private readonly since: number;
  private readonly links;
  private readonly met: NumberSet;
  private readonly examples: MissedChange[] = [];
  private listed = 0;
  private missed = 0;
  private timeless = 0;
  private future = 0;
  private newest = Number.NEGATIVE_INFINITY;
  /** How long before the beginning of the next read the missed changes lie, at most. */
  private longestLag = 0;
  private missedTimeless = 0;

  constructor(task: AuditTask, endpoint: EndpointContext, since: number) {
    this.task = task;
    this.endpoint = endpoint;
    this.since = since;
    this.links = linkTable(task.db);
    this.met = new NumberSet(0, syncTable(task.db).nextRecord());
  }

  meet(key: string): number | null | undefined {
    const link = this.links.find(this.endpoint.row.id, key);
    if (link === undefined) return undefined;
    this.met.add(link[1]);
    return link[2] === linkStatus.live ? link[3] : null;
  }

  take(key: NativeKey, row: NativeRow): void {
    this.rows += 1;
    const modified = modifiedAt(this.endpoint.modified, row);
    if (modified === undefined) this.timeless += 1;
    else {
      this.newest = Math.max(this.newest, modified);
      if (modified > this.task.now + this.task.sync.model.skewMs) this.future += 1;
    }
    const known = this.meet(JSON.stringify(key));
    if (known === null || known === rowHash(row, this.endpoint.hashed.length)) return;
    if (modified !== undefined && modified >= this.since) {
      this.listed += 1;
      return;
    }
    const change = this.changeOf(key, row);
    if (known !== undefined && change === undefined) return; // only its native spelling is another
    this.missed += 1;
    if (modified === undefined) this.missedTimeless += 1;
    else this.longestLag = Math.max(this.longestLag, this.since - modified);
    if (this.examples.length < examplesListed)
      this.examples.push({ key, isNew: known === undefined, ...(modified === undefined ? {} : { modified }), ...change });
  }

  /** The first field that differs from what was last seen. */
  private changeOf(key: NativeKey, row: NativeRow): { field: string; known: Value; now: Value } | undefined {
    const seen = this.seenLast(JSON.stringify(key));
    if (seen === undefined) return undefined;
    const { values } = readRow(this.endpoint.readers, row);
    const field = Object.keys(values).find((name) => !equalValues(values[name], seen[name]));
    return field === undefined ? undefined : { field, known: seen[field] ?? null, now: values[field] ?? null };
  }

  private seenLast(key: string): Values | undefined {
    const record = this.links.find(this.endpoint.row.id, key)?.[1];
    const state = record === undefined ? undefined : stateTable(this.task.db).load(record);
    const link = state?.links.find((one) => one.endpoint === this.endpoint.row.id);
    return state && link ? (link.shadow ?? imageOf(this.endpoint.model, state.record.golden)) : undefined;
  }

  async end(): Promise<EndpointAudit> {
    const { rows, listed, missed, timeless, future, examples } = this;
    const gone = await this.countGone();
    return { isWhole: false, rows, listed, missed, gone, timeless, future, examples, proposals: this.proposals(gone) };
  }

  private async countGone(): Promise<number> {
    let gone = 0;
    for (let after = ''; ; ) {
      const page = this.links.page(this.endpoint.row.id, after, 1000);
      const last = page.at(-1);
      if (!last) return gone;
      after = last[0];
      gone += page.filter(([, record, status]) => status === linkStatus.live && !this.met.has(record)).length;
      await pause(this.task);
    }
  }

  private proposals(gone: number): string[] {
    const { missed, longestLag, missedTimeless, timeless, future } = this;
    const { name } = this.endpoint.model;
    const column = this.endpoint.modified?.lens.column ?? '';
    const { skewMs } = this.task.sync.model;
    const hasFull = this.task.sync.config.schedule?.full !== undefined;
    const byTime = missed - missedTimeless;
    const words: string[] = [];
    if (byTime > 0 && longestLag <= hour)
      words.push(
        `Raise limits.skew to ${durationWords(skewMs + longestLag)}, which also widens what counts as the same time: ${counted(byTime, 'change is', 'changes are')} dated up to ${durationWords(longestLag)} before the newest "${column}" that was read.`,
      );
    else if (byTime > 0)
      words.push(
        `"${column}" does not move with every change: ${counted(byTime, 'row')} changed under an old time. Name a column that does, or read ${name} whole (changes: snapshot).`,
      );
    if (timeless > 0)
      words.push(
        `${counted(timeless, 'row says', 'rows say')} no time in "${column}", so that no change there is listed${missedTimeless > 0 ? ` (missed: ${missedTimeless})` : ''}. Fill it, or read ${name} whole (changes: snapshot).`,
      );
    if (future > 0)
      words.push(
        `${counted(future, 'row is', 'rows are')} from the future (the newest: ${new Date(this.newest).toISOString()}). Check the clock of ${name}, and the zone in the format of "modified".`,
      );
    if (gone > 0 && !hasFull)
      words.push(
        `${counted(gone, 'row is', 'rows are')} gone, which a read by time never tells. Read everything now and then: schedule: { full: "0 3 * * *" }, or kanto run --full.`,
      );
    if (missed > 0 && !hasFull) words.push('Until that is mended, read everything now and then: schedule: { full: "0 3 * * *" }.');
    return words;
  }
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** Rounded up to what people write: `5s`, `2m`, `1h`. */
function durationWords(ms: number): string {
  if (ms >= hour) return `${Math.ceil(ms / hour)}h`;
  if (ms >= 60_000) return `${Math.ceil(ms / 60_000)}m`;
  return `${Math.max(1, Math.ceil(ms / 1000))}s`;
}
