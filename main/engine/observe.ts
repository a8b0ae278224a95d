// Detect: reads one endpoint as a stream and stages only what differs from what is known of it.
import type { LogStart, NativeKey, NativeRow, ReadPage, RowProblem } from '../../connectors/contract.ts';
import { KantoError } from '../core/model/error.ts';
import { LinkCursor } from '../store/tables/link-cursor.ts';
import { linkStatus, linkTable } from '../store/tables/links.ts';
import type { LinkBrief } from '../store/tables/links.ts';
import { matchTable } from '../store/tables/matching.ts';
import { scratchTable } from '../store/tables/scratch.ts';
import { syncTable } from '../store/tables/syncs.ts';
import { changedKeys, startLog } from './change-log.ts';
import { hasReturned } from './drift.ts';
import { withPatience } from './gate.ts';
import { matchHash, rowHash } from './hash53.ts';
import { isListed, stageGone, stageMissingRows } from './missing-rows.ts';
import { NumberSet } from './number-set.ts';
import { modifiedAt, readRow } from './native-row.ts';
import type { PlanningTask } from './planning-task.ts';
import { pause } from './planning-task.ts';
import { atEndpoint } from './sync-context.ts';
import type { EndpointContext } from './sync-context.ts';
import { createRowPacker } from './seen-rows.ts';
import { cursorOf } from './reading.ts';
import type { Reading, SkippedRow } from './reading.ts';

/** Rows that are asked for by their keys at a time: for a file each time is a read of it all. */
const askedAtOnce = 20_000;
/** Links looked at in one turn. */
const lookedAtOnce = 2000;

/** Reads the endpoint into the scratch of the plan. Throws ConnectorError or KantoError before anything was decided. */
export async function observe(task: PlanningTask, endpoint: EndpointContext): Promise<Reading> {
  return withPatience(endpoint.gate, task.signal, async () => {
    scratchTable(task.scratch).forget(endpoint.row.id); // of a reading that broke off
    const reader = new EndpointReader(task, endpoint);
    await atEndpoint(endpoint.model.name, () => reader.readAll());
    const reading = await reader.finish();
    endpoint.gate.noteSuccess(endpoint.connection.quota?.());
    return reading;
  });
}

class EndpointReader {
  private readonly task: PlanningTask;
  private readonly endpoint: EndpointContext;
  private readonly links;
  private readonly scratch;
  private readonly pack;
  private readonly cursor: LinkCursor;
  /** The newest time seen is where the next read begins. */
  private readonly followsTime: boolean;
  /** Records whose row was listed. */
  private readonly met: NumberSet;
  private readonly skipped: SkippedRow[] = [];
  private readonly notices: string[] = [];
  private readonly duplicated = new Set<string>();
  private readonly reused = new Set<number>();
  private readonly sentinels: Set<string>;
  private rows = 0;
  /** Links that a complete read should list; counted once it is complete. */
  private expected = 0;
  /** Those of them that were met. */
  private expectedMet = 0;
  private unplaced = 0;
  /** The first row whose key is empty, in words. */
  private keyless: string | undefined;
  private emptied = 0;
  private complete = false;
  /** Reads only what changed, and so says nothing about what is missing. */
  private isIncremental = false;
  /** A column is there again: every row is looked at as if it had changed. */
  private readonly hasReturned: boolean;
  private readonly startedAt: number;
  private log: LogStart | undefined;
  /** Keys of rows that changed, although the time of their last change says otherwise. */
  private readonly doubtful = new Set<string>();
  private endedAsAsked = false;
  private position: number | undefined;
  private settled = Number.POSITIVE_INFINITY;
  private newest: number | undefined;

  constructor(task: PlanningTask, endpoint: EndpointContext) {
    this.task = task;
    this.endpoint = endpoint;
    this.links = linkTable(task.db);
    this.scratch = scratchTable(task.scratch);
    this.met = new NumberSet(0, syncTable(task.db).nextRecord());
    this.cursor = new LinkCursor(task.db, endpoint.row.id);
    this.startedAt = task.now();
    this.hasReturned = hasReturned(task.db, task.sync.id, endpoint);
    this.followsTime = endpoint.config.changes === 'cursor';
    this.pack = createRowPacker(endpoint);
    this.sentinels = new Set((task.sync.config.sentinels[endpoint.model.name] ?? []).map((key) => JSON.stringify(key)));
  }

  async readAll(): Promise<void> {
    const { endpoint, task } = this;
    const isWhole = task.full || this.isAsked() || this.hasReturned;
    this.log = await startLog(task, endpoint);
    if (this.log?.why !== undefined) this.notices.push(`${endpoint.model.name} is read whole: ${this.log.why}.`);
    if (this.log?.reachesBack === true && !isWhole && (await this.readLog(this.log.until))) return;
    const since = cursorOf(endpoint, isWhole, task.sync.model.skewMs);
    this.isIncremental = since !== undefined;
    const pages = endpoint.connection.read({
      ref: endpoint.ref,
      columns: endpoint.columns,
      ...(since ? { since } : {}),
      signal: task.signal,
    });
    const expected = since ? undefined : (endpoint.row.rows ?? undefined);
    for await (const page of pages) {
      this.take(page);
      if (this.doubtful.size >= askedAtOnce) await this.askAboutDoubtful();
      await task.matchable.makeRoom();
      task.report({
        phase: 'read',
        endpoint: endpoint.model.name,
        done: this.rows,
        ...(expected === undefined ? {} : { total: Math.max(expected, this.rows) }),
      });
      await pause(task);
    }
    await this.askAboutDoubtful();
    if (this.isIncremental) await this.lookAgain();
  }

  /** Reads the rows that the log names. False: it cannot say what happened, and everything must be read. */
  private async readLog(until: string): Promise<boolean> {
    const { endpoint, task } = this;
    const changed = await changedKeys(task, endpoint, until);
    if ('lost' in changed) {
      this.notices.push(`${endpoint.model.name} is read whole: ${changed.lost}.`);
      return false;
    }
    this.isIncremental = true;
    const { connection, ref, columns } = endpoint;
    for (let start = 0; start < changed.keys.length; start += askedAtOnce) {
      const keys = changed.keys.slice(start, start + askedAtOnce);
      const found = await connection.readKeys(ref, keys, columns, task.signal);
      const gone: LinkBrief[] = [];
      for (const key of keys) {
        const row = found.get(JSON.stringify(key));
        const link = row === undefined ? this.cursor.find(JSON.stringify(key)) : undefined;
        if (row !== undefined) this.takeRow(key, row);
        else if (link && isListed(link[2])) gone.push(link);
      }
      for (const link of gone) this.meet(link);
      if (gone.length > 0) await stageGone(task, endpoint, gone, this.reused);
      await task.matchable.makeRoom();
      task.report({ phase: 'read', endpoint: endpoint.model.name, done: this.rows });
      await pause(task);
    }
    await this.lookAgain();
    this.endedAsAsked = true;
    return true;
  }

  /** What a listing shows may be old, as from a copy that lags behind: a row that does not say that it changed is asked for by its key. */
  private async askAboutDoubtful(): Promise<void> {
    if (this.doubtful.size === 0) return;
    await this.ask([...this.doubtful].map((key) => JSON.parse(key) as NativeKey));
    this.doubtful.clear();
  }

  private async ask(keys: readonly NativeKey[]): Promise<void> {
    const { connection, ref, columns, hashed } = this.endpoint;
    for (const [key, row] of await connection.readKeys(ref, keys, columns, this.task.signal)) {
      const link = this.cursor.find(key);
      if (link) this.takeKnown(link, key, row, rowHash(row, hashed.length));
    }
  }

  /** A row that was not as expected is asked for by its key: what it holds now may be older than where this read began. */
  private async lookAgain(): Promise<void> {
    const { endpoint, task, links } = this;
    const sync = syncTable(task.db).id(task.sync.id);
    for (let after = 0; ; ) {
      const page = links.forgotten(endpoint.row.id, sync, after, lookedAtOnce);
      const last = page.at(-1);
      if (!last) return;
      after = last.record;
      const keys = page.filter(({ record }) => !this.met.has(record)).map(({ key }) => JSON.parse(key) as NativeKey);
      if (keys.length > 0) await this.ask(keys);
      await pause(task);
    }
  }

  /** A row whose match is asked is stored nowhere: while a question waits for an answer or its use, the row must be listed. */
  private isAsked(): boolean {
    const { name } = this.endpoint.model;
    return matchTable(this.task.db, this.task.sync.id)
      .open()
      .some((group) => group.rows.some((row) => row.endpoint === name));
  }

  private take(page: ReadPage): void {
    for (const problem of page.problems) this.leaveAlone(problem);
    for (let index = 0; index < page.keys.length; index += 1) this.takeRow(page.keys[index] ?? [], page.rows[index] ?? []);
    if (!page.end) return;
    this.endedAsAsked = this.isIncremental;
    this.complete = page.end.complete;
    this.position = page.end.position;
    this.settled = page.end.settled ?? Number.POSITIVE_INFINITY;
  }

  private leaveAlone({ key, where, why: reason, isKeyless }: RowProblem): void {
    const why = `${where}: ${reason}`;
    if (isKeyless) this.keyless ??= why;
    const text = key ? JSON.stringify(key) : '[]';
    this.skipped.push({ endpoint: this.endpoint.model.name, key: text, why });
    const link = key && this.links.find(this.endpoint.row.id, text);
    if (link) this.meet(link);
    if (!key) this.unplaced += 1;
  }

  private takeRow(nativeKey: NativeKey, row: NativeRow): void {
    const { endpoint } = this;
    const key = JSON.stringify(nativeKey);
    this.rows += 1;
    if (this.sentinels.size > 0) this.sentinels.delete(key);
    if (nativeKey.includes('')) {
      this.leaveAlone({ where: `row ${this.rows}`, why: `has an empty key (${endpoint.ref.key.join(', ')})`, isKeyless: true });
      return;
    }
    if (this.followsTime) this.noteTime(modifiedAt(endpoint.modified, row));
    const hash = rowHash(row, endpoint.hashed.length);
    const found = this.cursor.find(key);
    const link = found && this.isReused(found, row) ? undefined : found;
    if (link && this.isDoubtful(link, row, hash)) this.doubtful.add(key);
    else if (link) this.takeKnown(link, key, row, hash);
    else this.takeNew(key, row, hash);
  }

  /** The row is not as it was, but was last changed before what the last read saw. */
  private isDoubtful([, , , known]: LinkBrief, row: NativeRow, hash: number): boolean {
    const { cursor } = this.endpoint.row;
    if (!this.followsTime || cursor === null || known === null || hash === known || this.hasReturned) return false;
    const modified = modifiedAt(this.endpoint.modified, row);
    return modified !== undefined && modified < Date.parse(cursor) - this.task.sync.model.skewMs;
  }

  private noteTime(modified: number | undefined): void {
    if (modified !== undefined && modified > (this.newest ?? Number.NEGATIVE_INFINITY)) this.newest = modified;
  }

  private takeKnown(link: LinkBrief, key: string, row: NativeRow, hash: number): void {
    const [, record, status, known, version] = link;
    if (this.met.has(record)) {
      this.takeAgain(key, hash, this.scratch.find(this.endpoint.row.id, key)?.hash ?? known);
      return;
    }
    this.meet(link);
    const isSettled = status === linkStatus.live || status === linkStatus.ignored;
    if (hash === known && version === this.endpoint.row.version && isSettled && !this.hasReturned) return;
    const read = readRow(this.endpoint.readers, row);
    const shown = matchHash(this.task.sync.model.match, read.values);
    const modified = modifiedAt(this.endpoint.modified, row);
    const staged = { ...this.pack({ ...read, modified }), endpoint: this.endpoint.row.id, key, hash };
    // A row that its record's match fields already tell about needs no hash of its own.
    const own = shown === this.links.matchHash(record) ? null : shown;
    const id = this.scratch.add({ ...staged, linked: 1, record, kind: 'present', matchHash: own });
    if (own !== null && id !== undefined) this.task.matchable.add(own, id);
  }

  private meet([, record, status]: LinkBrief): void {
    if (this.met.has(record)) return;
    this.met.add(record);
    if (isListed(status)) this.expectedMet += 1;
  }

  private takeNew(key: string, row: NativeRow, hash: number): void {
    if (this.duplicated.size > 0 && this.duplicated.has(key)) return;
    const { values, misfits } = readRow(this.endpoint.readers, row);
    const { body, extra } = this.pack({ values, misfits, modified: modifiedAt(this.endpoint.modified, row) });
    const endpoint = this.endpoint.row.id;
    const matched = matchHash(this.task.sync.model.match, values);
    const id = this.scratch.add({ endpoint, key, linked: 0, record: null, kind: 'present', body, extra, hash, matchHash: matched });
    if (id === undefined) this.takeAgain(key, hash, this.scratch.find(endpoint, key)?.hash ?? null);
    else if (matched !== null) this.task.matchable.add(matched, id);
  }

  /** The key of this row was listed before: where pages can overlap the same row again is no news. */
  private takeAgain(key: string, hash: number, earlier: number | null): void {
    const isRepeated = this.endpoint.capabilities.repeats === true && earlier === hash;
    if (isRepeated)
      this.rows -= 1; // limits are shares of the rows that are there
    else if (!this.duplicated.has(key)) this.refuseDuplicate(key);
  }

  /** A row that comes back after it was missing, as somebody else: systems number rows anew. It is a new row, and the old one stays missing. */
  private isReused([, record, status]: LinkBrief, row: NativeRow): boolean {
    if (status !== linkStatus.absent) return false;
    const now = matchHash(this.task.sync.model.match, readRow(this.endpoint.readers, row).values);
    const before = this.links.matchHash(record);
    const isReused = now !== null && before !== null && now !== before;
    if (isReused) this.reused.add(record);
    return isReused;
  }

  /** Two rows with one key: neither can be told apart when writing, so both are left alone. */
  private refuseDuplicate(key: string): void {
    this.duplicated.add(key);
    const staged = this.scratch.find(this.endpoint.row.id, key);
    if (staged) this.scratch.remove(staged.id);
    const shown = (JSON.parse(key) as string[]).join(', ');
    this.skipped.push({ endpoint: this.endpoint.model.name, key, why: `several rows have the key ${shown}` });
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
    if (proves && this.expectedMet < this.expected) await stageMissingRows(this.task, endpoint, this.met, this.reused);
    const whole = this.complete || this.endedAsAsked;
    if (!whole) this.notices.push(`${name} was not listed to its end: no row is taken as deleted and none is created there.`);
    // What was changed since the read began, or is not yet committed, may have been changed behind its back: the next one lists it again. So it
    // does with everything where this one broke off.
    const until = Math.min(this.newest ?? Number.NaN, this.startedAt, this.settled);
    const cursor = Number.isNaN(until) || !whole ? undefined : new Date(until).toISOString();
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
        ...(this.log === undefined || !whole ? {} : { logToken: this.log.until }),
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
    this.expected = this.links.count(this.endpoint.row.id);
    if (this.rows === 0 && this.expected > 0) {
      this.notices.push(
        `${name} lists no rows, ${this.expected} before: nothing is taken as deleted unless ${this.expected} deletes are approved.`,
      );
      this.emptied = this.expected;
      return true;
    }
    const before = this.endpoint.row.position;
    if (before !== null && this.position !== undefined && this.position < before) {
      this.notices.push(`${name} is older than at the last run, as after a restored backup: nothing is taken as deleted.`);
      return false;
    }
    return true;
  }
}
