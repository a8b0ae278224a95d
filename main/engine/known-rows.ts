// What is known of the rows of an endpoint, told to a system that compares by itself, so that a comparison reads only what may differ.
import type { Comparison, Native, ReadPage } from '../../connectors/contract.ts';
import { equalValues } from '../core/model/value.ts';
import type { Values } from '../core/model/value.ts';
import { agreedRecords } from '../store/tables/agreed.ts';
import { syncTable } from '../store/tables/syncs.ts';
import type { Db } from '../store/open.ts';
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
  /** Rows that may differ. */
  readonly pages: AsyncIterable<ReadPage>;
}

/** Bits of some values; sums of them do not depend on the order of rows. */
export type Fingerprint = (values: Values) => bigint;

/** Of a record whose row is not known for sure. */
const unknown = 0xffff;

/** The rows of one endpoint that should be there. */
export class KnownRows implements AsyncDisposable {
  private readonly endpoint: EndpointContext;
  private readonly comparison: Comparison;
  /** The segment of each record's row. */
  private readonly segments: Uint16Array;
  private readonly counts: Uint32Array;
  /** By field, for each segment. */
  private readonly lossy = new Map<string, Uint32Array>();
  private readonly sums: BigUint64Array;

  constructor(endpoint: EndpointContext, comparison: Comparison, nextRecord: number) {
    this.endpoint = endpoint;
    this.comparison = comparison;
    this.segments = new Uint16Array(nextRecord).fill(unknown);
    this.counts = new Uint32Array(comparison.segments);
    this.sums = new BigUint64Array(comparison.segments);
  }

  /** Tells of the row of a record, where it is certain what a read of it would find: the image of every field. */
  tell(record: number, key: string, golden: Values, fingerprint: Fingerprint): void {
    const { readers } = this.endpoint;
    const row: Native[] = [];
    let shown = golden;
    const lossy: string[] = [];
    for (const { field, lens, at } of readers) {
      const value = golden[field];
      if (value === undefined) return;
      const image = lens.image(value);
      const out = lens.write(value);
      if (!image.ok || !out.ok) return;
      const cell = this.comparison.shown(out.native, at);
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
    const segment = this.comparison.expect(JSON.parse(key) as string[], row);
    this.segments[record] = segment;
    this.counts[segment] = (this.counts[segment] ?? 0) + 1;
    for (const field of lossy) this.addLossy(field, segment);
    this.sums[segment] = (this.sums[segment] ?? 0n) + fingerprint(shown);
  }

  private addLossy(field: string, segment: number): void {
    const counts = this.lossy.get(field) ?? new Uint32Array(this.comparison.segments);
    counts[segment] = (counts[segment] ?? 0) + 1;
    this.lossy.set(field, counts);
  }

  /** Once all rows are told. */
  async alike(): Promise<Alike> {
    const { alike, pages } = await this.comparison.rest();
    let [count, sum] = [0, 0n];
    for (const segment of alike) {
      count += this.counts[segment] ?? 0;
      sum += this.sums[segment] ?? 0n;
    }
    const lossy = new Map(
      [...this.lossy].map(([field, counts]) => [field, [...alike].reduce((total, segment) => total + (counts[segment] ?? 0), 0)] as const),
    );
    return { count, sum, lossy, has: (record) => alike.has(this.segments[record] ?? unknown), pages };
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.comparison[Symbol.asyncDispose]();
  }
}

/** The known rows of those endpoints whose systems compare by themselves. Each holds one moment of its system open until it is disposed of. */
export interface KnownPlaces extends AsyncDisposable {
  of(endpoint: EndpointContext): KnownRows | undefined;
}

interface Task {
  readonly db: Db;
  readonly sync: SyncContext;
  readonly signal: AbortSignal;
  readonly report: Report;
}

/** Opens the comparisons of all endpoints, so that their systems work side by side, and tells them what is known in one pass. */
export async function tellKnownRows(task: Task, fingerprint: Fingerprint): Promise<KnownPlaces> {
  const known = new Map<EndpointContext, KnownRows>();
  const dispose = async () => {
    for (const rows of known.values()) await rows[Symbol.asyncDispose]();
  };
  try {
    for (const endpoint of task.sync.endpoints) {
      const request = { ref: endpoint.ref, columns: endpoint.hashed, signal: task.signal };
      const comparison = await atEndpoint(endpoint.model.name, async () => endpoint.connection.compare?.(request));
      if (comparison !== undefined) known.set(endpoint, new KnownRows(endpoint, comparison, syncTable(task.db).nextRecord()));
    }
    if (known.size > 0) await tellAll(task, known, fingerprint);
  } catch (error) {
    await dispose();
    throw error;
  }
  return { of: (endpoint) => known.get(endpoint), [Symbol.asyncDispose]: dispose };
}

async function tellAll(task: Task, known: ReadonlyMap<EndpointContext, KnownRows>, fingerprint: Fingerprint): Promise<void> {
  const places = [...known.values()];
  const endpoints = [...known.keys()].map(({ row }) => row.id);
  let done = 0;
  for (const page of agreedRecords(task.db, task.sync.id, endpoints)) {
    for (const { record, golden, keys } of page) {
      const once = rememberLast(fingerprint);
      for (const [at, key] of keys.entries()) if (key !== null) places[at]?.tell(record, key, golden, once);
    }
    done += page.length;
    task.report({ phase: 'verify', done });
    await pause(task);
  }
}

/** The places of a record mostly show the same. */
function rememberLast(fingerprint: Fingerprint): Fingerprint {
  let last: { readonly values: Values; readonly bits: bigint } | undefined;
  return (values) => {
    if (last?.values !== values) last = { values, bits: fingerprint(values) };
    return last.bits;
  };
}
