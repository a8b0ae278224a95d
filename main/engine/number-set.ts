// A set of small whole numbers, one bit each: which records a read has met, which rows are settled.

export class NumberSet {
  private readonly bits: Uint8Array;
  private readonly first: number;

  /** For the numbers from `first` to `last`. */
  constructor(first: number, last: number) {
    this.first = first;
    this.bits = new Uint8Array((Math.max(0, last - first) >> 3) + 1);
  }

  add(value: number): void {
    const at = value - this.first;
    this.bits[at >> 3] = (this.bits[at >> 3] ?? 0) | (1 << (at & 7));
  }

  has(value: number): boolean {
    const at = value - this.first;
    return ((this.bits[at >> 3] ?? 0) & (1 << (at & 7))) !== 0;
  }
}
