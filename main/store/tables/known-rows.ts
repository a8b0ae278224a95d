// The hashes of the rows that should be at an endpoint, by chunks of records, so that a comparison need not make them anew. Triggers forget a chunk
// when one of its records, their rows or an open question about them changes.
import type { Db } from '../open.ts';
import { preparedOnce } from './prepared.ts';

/** Records in a chunk: numbers with the same `number >> 8`. */
export const chunkRecords = 256;

/** Of each record by its place in the chunk. */
export interface KnownChunk {
  /** The upper and lower 32 bits of the hash of its row. */
  readonly hashes: Uint32Array;
  /** What a checksum adds for it: a safe integer; NaN where its row is not known for sure. */
  readonly sums: Float64Array;
  /** Fields that the place shows shortened or rounded. */
  readonly lossy: readonly (readonly [place: number, field: string])[];
}

const sumsAt = chunkRecords * 2 * Uint32Array.BYTES_PER_ELEMENT;
const chunkBytes = sumsAt + chunkRecords * Float64Array.BYTES_PER_ELEMENT;

/** A chunk in which nothing is known yet. */
export function emptyChunk(): KnownChunk & { readonly lossy: (readonly [number, string])[] } {
  return { ...viewOf(new Uint8Array(chunkBytes)), sums: new Float64Array(chunkRecords).fill(Number.NaN), lossy: [] };
}

function viewOf({ buffer }: { readonly buffer: ArrayBuffer }) {
  return { hashes: new Uint32Array(buffer, 0, chunkRecords * 2), sums: new Float64Array(buffer, sumsAt, chunkRecords) };
}

/** The statements of the table `known_rows`. */
export const knownRowsTable = preparedOnce((db: Db) => {
  const load = db.prepare<[number, number], [Buffer, string]>('SELECT body, lossy FROM known_rows WHERE chunk = ? AND endpoint = ?').raw();
  const save = db.prepare<[number, number, Uint8Array, string]>(
    'INSERT OR REPLACE INTO known_rows (endpoint, chunk, body, lossy) VALUES (?, ?, ?, ?)',
  );
  const meaning = db.prepare<[number], string | null>('SELECT known FROM endpoint WHERE id = ?').pluck();
  const forget = db.prepare<[number]>('DELETE FROM known_rows WHERE endpoint = ?');
  const setMeaning = db.prepare<[string, number]>('UPDATE endpoint SET known = ? WHERE id = ?');
  return {
    /** Forgets what was known under another meaning: a digest of all that hashes depend on besides the records. */
    expect(endpoint: number, digest: string): void {
      if (meaning.get(endpoint) === digest) return;
      db.transaction(() => {
        forget.run(endpoint);
        setMeaning.run(digest, endpoint);
      })();
    },
    load(endpoint: number, chunk: number): KnownChunk | undefined {
      const found = load.get(chunk, endpoint);
      if (found === undefined) return undefined;
      const [body, lossy] = found;
      return { ...viewOf(new Uint8Array(body)), lossy: JSON.parse(lossy) as [number, string][] };
    },
    save(endpoint: number, chunk: number, { hashes, sums, lossy }: KnownChunk): void {
      const body = new Uint8Array(chunkBytes);
      const view = viewOf(body);
      view.hashes.set(hashes);
      view.sums.set(sums);
      save.run(endpoint, chunk, body, JSON.stringify(lossy));
    },
  };
});
