// What is known of the rows of an endpoint, told to a system that compares by itself, so that a comparison reads only what may differ.
import type { Comparison, Native, ReadPage } from '../../connectors/contract.ts';
import { equalValues } from '../core/model/value.ts';
import type { Values } from '../core/model/value.ts';
import { agreedRecords } from '../store/tables/agreed.ts';
import type { AgreedRecord } from '../store/tables/agreed.ts';
import { chunkRecords, emptyChunk, knownRowsTable } from '../store/tables/known-rows.ts';
import type { KnownChunk } from '../store/tables/known-rows.ts';
import { syncTable } from '../store/tables/syncs.ts';
import type { Db } from '../store/open.ts';
import { relaxed } from '../store/relaxed.ts';
import { digestOf, orderedJson } from './digest.ts';
import { pause } from './planning-task.ts';
import type { Report } from './planning-task.ts';
import { atEndpoint } from './sync-context.ts';
import type { EndpointContext, SyncContext } from './sync-context.ts';

/** Sums over rows that need not be read, because they are as known. */
export interface Alike {
  readonly count: number;
  readonly sum: bigint;
  /** Values that the place shows shortened or rounded, by field. */
  readonly lossy: ReadonlyMap<string, number>;
  /** Records whose rows these are, by their number. */
  readonly has: (record: number) => boolean;
  /** Every live record has a row here, as far as is known. */
  readonly isWhole: boolean;
  /** Rows that may differ. */
  readonly pages: AsyncIterable<ReadPage>;
}

/** Bits of some values as a safe integer; sums of them do not depend on the order of rows. `of`: what they depend on besides the values. */
export interface Fingerprint {
  readonly of: unknown;
  (values: Values): number;
}

/** Changes with how a row is told, so that nothing is remembered from before. */
const tellingVersion = 1;

/** Of a record whose row is not known for sure. */
const unknown = 0xffff;

/** Adds numbers of at most 53 bits without making a bigint of each: exact up to 2^21 numbers. */
class Sums {
  private readonly highs: Float64Array;
  private readonly lows: Float64Array;

  constructor(count: number) {
    this.highs = new Float64Array(count);
    this.lows = new Float64Array(count);
  }

  add(at: number, high: number, low: number): void {
    this.highs[at] = (this.highs[at] ?? 0) + high;
    this.lows[at] = (this.lows[at] ?? 0) + low;
  }

  of(at: number): bigint {
    return (BigInt(this.highs[at] ?? 0) << 32n) + BigInt(this.lows[at] ?? 0);
  }
}

/** The rows of one endpoint that should be there. */
class KnownRows implements AsyncDisposable {
  private readonly comparison: Comparison;
  /** The segment of each record's row. */
  private readonly segments: Uint16Array;
  private readonly counts: Uint32Array;
  private readonly hashes: Sums;
  private readonly fingerprints: Sums;
  /** By field, for each segment. */
  private readonly lossy = new Map<string, Uint32Array>();

  constructor(comparison: Comparison, nextRecord: number) {
    this.comparison = comparison;
    this.segments = new Uint16Array(nextRecord + chunkRecords).fill(unknown);
    this.counts = new Uint32Array(comparison.segments);
    this.hashes = new Sums(comparison.segments);
    this.fingerprints = new Sums(comparison.segments);
  }

  add(first: number, { hashes, sums, lossy }: KnownChunk): void {
    const mask = this.comparison.segments - 1;
    for (let at = 0; at < chunkRecords; at += 1) {
      const sum = sums[at] ?? Number.NaN;
      if (Number.isNaN(sum)) continue;
      const low = hashes[2 * at + 1] ?? 0;
      const segment = low & mask;
      this.segments[first + at] = segment;
      this.counts[segment] = (this.counts[segment] ?? 0) + 1;
      this.hashes.add(segment, hashes[2 * at] ?? 0, low);
      this.fingerprints.add(segment, Math.floor(sum / 2 ** 32), sum % 2 ** 32);
    }
    for (const [at, field] of lossy) this.addLossy(field, this.segments[first + at] ?? unknown);
  }

  private addLossy(field: string, segment: number): void {
    const counts = this.lossy.get(field) ?? new Uint32Array(this.comparison.segments);
    counts[segment] = (counts[segment] ?? 0) + 1;
    this.lossy.set(field, counts);
  }

  /** Once all rows are added. `records`: how many live ones there are. */
  async alike(records: number): Promise<Alike> {
    const { alike, pages } = await this.comparison.rest([...this.counts].map((count, at) => ({ count, sum: this.hashes.of(at) })));
    let [count, sum] = [0, 0n];
    for (const segment of alike) {
      count += this.counts[segment] ?? 0;
      sum += this.fingerprints.of(segment);
    }
    const lossy = new Map(
      [...this.lossy].map(([field, counts]) => [field, [...alike].reduce((total, segment) => total + (counts[segment] ?? 0), 0)] as const),
    );
    const isWhole = this.counts.reduce((total, one) => total + one, 0) === records;
    return { count, sum, lossy, has: (record) => alike.has(this.segments[record] ?? unknown), isWhole, pages };
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.comparison[Symbol.asyncDispose]();
  }
}

/** Writes down the row of a record, where it is certain what a read of it would find: the image of every field. */
function tell(
  { readers }: EndpointContext,
  comparison: Comparison,
  { record, golden }: AgreedRecord,
  key: string,
  fingerprint: (values: Values) => number,
  chunk: ReturnType<typeof emptyChunk>,
): void {
  const row: Native[] = [];
  let shown = golden;
  const place = record % chunkRecords;
  const lossy: string[] = [];
  for (const { field, lens, at } of readers) {
    const value = golden[field];
    if (value === undefined) return;
    const image = lens.image(value);
    const out = lens.write(value);
    if (!image.ok || !out.ok) return;
    const cell = comparison.shown(out.native, at);
    // A cell that is shown as it was written reads as the image, which is what an image is.
    if (cell !== out.native) {
      const read = lens.read(cell);
      if (!read.ok || !equalValues(read.value, image.value)) return;
    }
    if (row[at] !== undefined && row[at] !== cell) return;
    row[at] = cell;
    if (equalValues(image.value, value)) continue;
    lossy.push(field);
    shown = { ...shown, [field]: image.value };
  }
  const { high, low } = comparison.hash(JSON.parse(key) as string[], row);
  chunk.hashes.set([high, low], 2 * place);
  chunk.sums[place] = fingerprint(shown);
  chunk.lossy.push(...lossy.map((field) => [place, field] as const));
}

/** The known rows of those endpoints whose systems compare by themselves. Each holds one moment of its system open until it is disposed of. */
export interface KnownPlaces extends AsyncDisposable {
  has(endpoint: EndpointContext): boolean;
  /** Undefined where the system does not compare by itself. */
  alike(endpoint: EndpointContext): Promise<Alike | undefined>;
}

interface Task {
  readonly db: Db;
  readonly sync: SyncContext;
  readonly signal: AbortSignal;
  readonly report: Report;
}

/** Opens the comparisons of all endpoints, so that their systems work side by side, and tells them what is known in one pass. */
export async function tellKnownRows(task: Task, fingerprint: Fingerprint): Promise<KnownPlaces> {
  const places: Place[] = [];
  const dispose = async () => {
    for (const { rows } of places) await rows[Symbol.asyncDispose]();
  };
  try {
    for (const endpoint of task.sync.endpoints) {
      const request = { ref: endpoint.ref, columns: endpoint.hashed, signal: task.signal };
      const comparison = await atEndpoint(endpoint.model.name, async () => endpoint.connection.compare?.(request));
      if (comparison === undefined) continue;
      places.push({ endpoint, comparison, rows: new KnownRows(comparison, syncTable(task.db).nextRecord()) });
      const fields = endpoint.readers.map(({ field, at }) => [field, at]);
      const meaning = [tellingVersion, orderedJson(task.sync.config), comparison.form, fields, fingerprint.of];
      knownRowsTable(task.db).expect(endpoint.row.id, digestOf(meaning));
    }
    if (places.length > 0) await tellAll(task, places, fingerprint);
  } catch (error) {
    await dispose();
    throw error;
  }
  const find = (endpoint: EndpointContext) => places.find((place) => place.endpoint === endpoint);
  return {
    has: (endpoint) => find(endpoint) !== undefined,
    alike: async (endpoint) => find(endpoint)?.rows.alike(syncTable(task.db).records(task.sync.id)),
    [Symbol.asyncDispose]: dispose,
  };
}

interface Place {
  readonly endpoint: EndpointContext;
  readonly comparison: Comparison;
  readonly rows: KnownRows;
}

/** Chunks between two looks at what else is to be done: some milliseconds where they are remembered. */
const chunksPerTurn = 16;

async function tellAll(task: Task, places: readonly Place[], fingerprint: Fingerprint): Promise<void> {
  const known = knownRowsTable(task.db);
  const load = agreedRecords(
    task.db,
    task.sync.id,
    places.map(({ endpoint }) => endpoint.row.id),
  );
  const end = syncTable(task.db).nextRecord();
  for (let first = 0; first < end; first += chunkRecords) {
    const number = first / chunkRecords;
    const found = places.map(({ endpoint }) => known.load(endpoint.row.id, number));
    const isKnown = !found.includes(undefined);
    const chunks = isKnown
      ? found
      : relaxed(task.db, () => tellChunk(task.db, places, load(first, first + chunkRecords), number, fingerprint));
    for (const [at, chunk] of chunks.entries()) if (chunk !== undefined) places[at]?.rows.add(first, chunk);
    if (isKnown && number % chunksPerTurn !== 0) continue;
    task.report({ phase: 'verify', done: first });
    await pause(task);
  }
}

/** Works out a chunk of all places and keeps it. */
function tellChunk(
  db: Db,
  places: readonly Place[],
  records: readonly AgreedRecord[],
  number: number,
  fingerprint: Fingerprint,
): readonly KnownChunk[] {
  const known = knownRowsTable(db);
  const chunks = places.map(emptyChunk);
  for (const agreed of records) {
    const once = rememberLast(fingerprint);
    for (const [at, chunk] of chunks.entries()) {
      const [place, key] = [places[at], agreed.keys[at]];
      if (place !== undefined && typeof key === 'string') tell(place.endpoint, place.comparison, agreed, key, once, chunk);
    }
  }
  for (const [at, { endpoint }] of places.entries()) {
    const chunk = chunks[at];
    if (chunk !== undefined) known.save(endpoint.row.id, number, chunk);
  }
  return chunks;
}

/** The places of a record mostly show the same. */
function rememberLast(fingerprint: Fingerprint): (values: Values) => number {
  let last: { readonly values: Values; readonly bits: number } | undefined;
  return (values) => {
    if (last?.values !== values) last = { values, bits: fingerprint(values) };
    return last.bits;
  };
}
