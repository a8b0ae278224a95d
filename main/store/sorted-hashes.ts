// Puts many hashes into an index in their order: in the order in which they come, each would touch another page of it.

/** Hashes in a block. A short hash and a place in a block make one number, so that sorting is a matter of numbers. */
const blockSize = 2 ** 18;
const dropped = 2 ** 21;
/** Room that a block begins with: most runs put in a few. */
const startSize = 2 ** 10;

/** The part of a 53-bit hash that an index holds: 32 bits. Who looks for a hash by it compares the whole. */
export function shortHash(hash: number): number {
  return Math.floor(hash / dropped);
}

/** Collects hashes with a whole number each, and gives them back sorted, a block at a time. */
export class SortedHashes {
  private keys = new Float64Array(startSize);
  private values = new Float64Array(startSize);
  private count = 0;

  /** Whether that many more hashes fit in. */
  hasRoom(count: number): boolean {
    return this.count + count <= blockSize;
  }

  add(hash: number, value: number): void {
    if (this.count === this.keys.length) this.grow();
    this.keys[this.count] = shortHash(hash) * blockSize + this.count;
    this.values[this.count] = value;
    this.count += 1;
  }

  private grow(): void {
    const [keys, values] = [this.keys, this.values];
    this.keys = new Float64Array(Math.min(keys.length * 4, blockSize));
    this.values = new Float64Array(this.keys.length);
    this.keys.set(keys);
    this.values.set(values);
  }

  /** Everything collected, by short hash; the block is empty afterwards. */
  *take(): Generator<readonly [hash: number, value: number]> {
    const keys = this.keys.subarray(0, this.count).sort();
    this.count = 0;
    for (const key of keys) yield [Math.floor(key / blockSize), this.values[key % blockSize] ?? 0];
  }
}
