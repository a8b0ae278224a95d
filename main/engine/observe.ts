// Detect: reads one endpoint as a stream and stages only what differs from what is known of it.
import type { NativeKey, NativeRow, ReadPage, RowProblem } from '../../connectors/contract.ts';
import { matchKey } from '../core/mapping/normal.ts';
import { KantoError } from '../core/model/error.ts';
import type { Evidence } from '../core/model/record.ts';
import type { Values } from '../core/model/value.ts';
import { relaxed } from '../store/relaxed.ts';
import { linkTable } from '../store/tables/links.ts';
import type { LinkBrief } from '../store/tables/links.ts';
import type { ScanMark } from '../store/tables/endpoints.ts';
import { scratchTable } from '../store/tables/scratch.ts';
import { modifiedAt, readRow, rowHash } from './native-row.ts';
import type { PlanningTask } from './planning-task.ts';
import { pause } from './planning-task.ts';
import { atEndpoint } from './sync-context.ts';
import type { EndpointContext } from './sync-context.ts';

/** A row that was left alone, and why. */
export interface SkippedRow {
  readonly endpoint: string;
  readonly key: string;
  readonly why: string;
}

export interface Reading {
  readonly rows: number;
  /** The read reached its end, and unless it was incremental, what it did not list is missing. */
  readonly complete: boolean;
  /** Every row that could be the like of a new one was listed; otherwise none is created here. */
  readonly whole: boolean;
  readonly notices: readonly string[];
  readonly skipped: readonly SkippedRow[];
  readonly mark: ScanMark;
  /** Rows that were there before, where now there are none at all; 0 otherwise. Deletes from here wait for an approval of that many. */
  readonly emptied: number;
}

/** Links missing from a complete read are confirmed by key this many at a time. */
const confirmChunk = 1000;

/** Reads the endpoint into the scratch of the plan. Throws ConnectorError or KantoError before anything was decided. */
export async function observe(task: PlanningTask, endpoint: EndpointContext): Promise<Reading> {
  const reader = new EndpointReader(task, endpoint);
  await atEndpoint(endpoint.model.name, () => reader.readAll());
  return reader.finish();
}

class EndpointReader {
  private readonly task: PlanningTask;
  private readonly endpoint: EndpointContext;
  private readonly links;
  private readonly scratch;
  private readonly met: Uint8Array;
  private readonly skipped: SkippedRow[] = [];
  private readonly notices: string[] = [];
  private readonly duplicated = new Set<string>();
  private readonly reused = new Set<number>();
  private readonly sentinels: Set<string>;
  private rows = 0;
  private unplaced = 0;
  /** The first row whose key is empty, in words. */
  private keyless: string | undefined;
  private emptied = 0;
  private complete = false;
  /** Reads only what changed, and so says nothing about what is missing. */
  private isIncremental = false;
  private endedAsAsked = false;
  private position: number | undefined;
  private newest: number | undefined;

  constructor(task: PlanningTask, endpoint: EndpointContext) {
    this.task = task;
    this.endpoint = endpoint;
    this.links = linkTable(task.db);
    this.scratch = scratchTable(task.db, task.plan);
    this.met = new Uint8Array((this.links.maxId() >> 3) + 1);
    this.sentinels = new Set((task.sync.config.sentinels[endpoint.model.name] ?? []).map((key) => JSON.stringify(key)));
  }

  async readAll(): Promise<void> {
    const { endpoint, task } = this;
    const since = cursorOf(endpoint, task.full, task.sync.model.skewMs);
    this.isIncremental = since !== undefined;
    const pages = endpoint.connection.read({
      ref: endpoint.ref,
      columns: endpoint.columns,
      ...(since ? { since } : {}),
      signal: task.signal,
    });
    const expected = since ? undefined : (endpoint.row.rows ?? undefined);
    for await (const page of pages) {
      relaxed(task.db, () => this.take(page));
      task.report({
        phase: 'read',
        endpoint: endpoint.model.name,
        done: this.rows,
        ...(expected === undefined ? {} : { total: Math.max(expected, this.rows) }),
      });
      await pause(task);
    }
  }

  private take(page: ReadPage): void {
    for (const problem of page.problems) this.leaveAlone(problem);
    for (const [index, key] of page.keys.entries()) this.takeRow(key, page.rows[index] ?? []);
    if (!page.end) return;
    this.endedAsAsked = this.isIncremental;
    this.complete = page.end.complete;
    this.position = page.end.position;
  }

  private leaveAlone({ key, where, why: reason, isKeyless }: RowProblem): void {
    const why = `${where}: ${reason}`;
    if (isKeyless) this.keyless ??= why;
    const text = key ? JSON.stringify(key) : '[]';
    this.skipped.push({ endpoint: this.endpoint.model.name, key: text, why });
    const link = key && this.links.find(this.endpoint.row.id, text);
    if (link) this.mark(link.id);
    if (!key) this.unplaced += 1;
  }

  private takeRow(nativeKey: NativeKey, row: NativeRow): void {
    const { endpoint } = this;
    const key = JSON.stringify(nativeKey);
    this.rows += 1;
    this.sentinels.delete(key);
    if (nativeKey.some((part) => part === '')) {
      this.leaveAlone({ where: `row ${this.rows}`, why: `has an empty key (${endpoint.ref.key.join(', ')})`, isKeyless: true });
      return;
    }
    const modified = modifiedAt(endpoint.modified, row);
    if (modified !== undefined && modified > (this.newest ?? Number.NEGATIVE_INFINITY)) this.newest = modified;
    const found = this.links.find(endpoint.row.id, key);
    const link = found && this.isReused(found, row) ? undefined : found;
    const hash = rowHash(row, endpoint.hashed.length);
    const staged = link && !this.wasMet(link.id) ? undefined : this.scratch.find(endpoint.row.id, key);
    if (this.duplicated.has(key)) return;
    const earlier = staged ? staged.hash : link && this.wasMet(link.id) ? link.hash : undefined;
    if (earlier !== undefined) {
      if (!endpoint.capabilities.repeats || earlier !== hash) this.refuseDuplicate(key);
      return;
    }
    if (link) {
      this.mark(link.id);
      const known = link.version === endpoint.row.version && (link.status === 'live' || link.status === 'ignored');
      if (known && link.hash === hash) return;
    }
    const { values, misfits } = readRow(endpoint.readers, row);
    this.scratch.put({
      endpoint: endpoint.row.id,
      key,
      link: link?.id ?? null,
      record: link?.record ?? null,
      kind: 'present',
      body: JSON.stringify({ values, misfits, ...(modified === undefined ? {} : { modified }) }),
      hash,
      matchKey: this.newMatchKey(link, values),
    });
  }

  /** A row that its record's match fields already tell about needs no match key. */
  private newMatchKey(link: LinkBrief | undefined, values: Values): string | null {
    const key = matchKey(this.task.sync.model.match, values);
    return link && key === this.links.matchKey(link.record) ? null : key;
  }

  /** A row that comes back after it was missing, as somebody else: systems number rows anew. It is a new row, and the old one stays missing. */
  private isReused(link: LinkBrief, row: NativeRow): boolean {
    if (link.status !== 'absent') return false;
    const now = matchKey(this.task.sync.model.match, readRow(this.endpoint.readers, row).values);
    const before = this.links.matchKey(link.record);
    const isReused = now !== null && before !== null && now !== before;
    if (isReused) this.reused.add(link.id);
    return isReused;
  }

  /** Two rows with one key: neither can be told apart when writing, so both are left alone. */
  private refuseDuplicate(key: string): void {
    this.duplicated.add(key);
    this.scratch.remove(this.endpoint.row.id, key);
    const shown = (JSON.parse(key) as string[]).join(', ');
    this.skipped.push({ endpoint: this.endpoint.model.name, key, why: `several rows have the key ${shown}` });
  }

  private mark(link: number): void {
    const index = link >> 3;
    this.met[index] = (this.met[index] ?? 0) | (1 << (link & 7));
  }

  private wasMet(link: number): boolean {
    return ((this.met[link >> 3] ?? 0) & (1 << (link & 7))) !== 0;
  }

  async finish(): Promise<Reading> {
    const { endpoint } = this;
    const name = endpoint.model.name;
    const first = endpoint.row.rows === null;
    this.refuseBadKeys(first);
    const missing = [...this.sentinels];
    if (this.complete && missing.length > 0) {
      throw new KantoError(
        'sentinel-missing',
        `${name} does not list ${missing.join(', ')}, which must always be there.`,
        `Check that ${name} is whole, then run again. Nothing was written.`,
      );
    }
    const proves = this.complete && this.isTrustworthy(first);
    if (proves) await this.stageAbsences();
    const whole = this.complete || this.endedAsAsked;
    if (!whole) this.notices.push(`${name} was not listed to its end: no row is taken as deleted and none is created there.`);
    const cursor = this.newest === undefined ? undefined : new Date(this.newest).toISOString();
    return {
      rows: this.rows,
      complete: proves || (this.complete && first) || this.endedAsAsked,
      whole,
      notices: this.notices,
      skipped: this.skipped,
      emptied: this.emptied,
      mark: {
        endpoint: endpoint.row.id,
        ...(this.complete ? { rows: this.rows } : {}),
        ...(this.position === undefined ? {} : { position: this.position }),
        ...(cursor === undefined ? {} : { cursor }),
      },
    };
  }

  /** Before the first sync a key that is not one is a wrong configuration; later it is a slip in single rows. */
  private refuseBadKeys(first: boolean): void {
    const twice = [...this.duplicated][0];
    if (!first || (this.keyless === undefined && twice === undefined)) return;
    const { name } = this.endpoint.model;
    const columns = this.endpoint.ref.key.join(', ');
    const example = this.keyless ?? `several rows have the key ${(JSON.parse(twice ?? '[]') as string[]).join(', ')}`;
    throw new KantoError(
      'key-not-unique',
      `${columns} is no key of ${name}: ${example}${this.duplicated.size > 1 ? `, and ${this.duplicated.size - 1} more keys` : ''}. Nothing was written.`,
      `Name a column of ${name} that is filled and different in every row, or mend those rows.`,
      'ask-user',
    );
  }

  private isTrustworthy(first: boolean): boolean {
    const { name } = this.endpoint.model;
    if (first) return false;
    if (this.unplaced > 0) {
      this.notices.push(`${name}: ${this.unplaced} rows could not be read, so no missing record is taken as deleted.`);
      return false;
    }
    const known = this.links.count(this.endpoint.row.id);
    if (this.rows === 0 && known > 0) {
      this.notices.push(`${name} lists no rows, ${known} before: nothing is taken as deleted unless ${known} deletes are approved.`);
      this.emptied = known;
      return true;
    }
    const before = this.endpoint.row.position;
    if (before !== null && this.position !== undefined && this.position < before) {
      this.notices.push(`${name} is older than at the last run, as after a restored backup: nothing is taken as deleted.`);
      return false;
    }
    return true;
  }

  private async stageAbsences(): Promise<void> {
    const { endpoint, task } = this;
    for (let after = ''; ; ) {
      const page = this.links.expected(endpoint.row.id, after, confirmChunk);
      const last = page.at(-1);
      if (!last) return;
      after = last.key;
      const missing = page.filter((link) => !this.wasMet(link.id));
      const keys = missing.map((link) => JSON.parse(link.key) as NativeKey).filter((key) => key.length === endpoint.ref.key.length);
      const found = await this.stillThere(keys);
      relaxed(task.db, () => {
        for (const link of missing) {
          if (found.has(link.key) && endpoint.ref.where === undefined && !this.reused.has(link.id)) continue; // came back; the next read sees it
          const before = link.absence === null ? 0 : (JSON.parse(link.absence) as Evidence).scans;
          const outside = found.has(link.key) && !this.reused.has(link.id);
          this.scratch.put({
            endpoint: endpoint.row.id,
            key: `missing ${link.id}`, // its key may meanwhile belong to a new row
            link: link.id,
            record: link.record,
            kind: outside ? 'outside' : 'absent',
            body: JSON.stringify(outside ? {} : { evidence: { scans: before + 1, confirmed: true } }),
            hash: null,
            matchKey: null,
          });
        }
      });
      await pause(task);
    }
  }

  private async stillThere(keys: readonly NativeKey[]): Promise<ReadonlyMap<string, NativeRow>> {
    const { endpoint, task } = this;
    if (keys.length === 0 || !endpoint.capabilities.confirmsAbsence) return new Map();
    return endpoint.connection.readKeys(endpoint.ref, keys, endpoint.columns, task.signal);
  }
}

/** Where an incremental read begins: the newest time seen, less the overlap for skewed clocks and late commits. */
function cursorOf(endpoint: EndpointContext, full: boolean, skewMs: number) {
  const { config, modified, row } = endpoint;
  if (full || config.changes !== 'cursor' || !modified || row.cursor === null || row.rows === null) return undefined;
  const from = new Date(Date.parse(row.cursor) - skewMs - 1).toISOString();
  const native = modified.lens.write(from);
  return native.ok ? { column: modified.lens.column, value: native.native } : undefined;
}
