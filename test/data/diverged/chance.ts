// Chance with random access: the number that belongs to a seed, a row and a purpose, without the numbers of the rows before it.

/** A whole number from 0 to 2^32 - 1, mixed as MurmurHash3 ends. The same arguments give the same number on every machine. */
export function chanceAt(seed: number, row: number, purpose: number): number {
  let mixed = Math.imul(row + 1, 0x9e3779b1) ^ Math.imul(purpose + 1, 0x85ebca77) ^ Math.imul(seed + 1, 0xc2b2ae3d);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** An item of the list, by a number of `chanceAt`. */
export function pickAt<T>(list: readonly T[], chance: number): T {
  const found = list[chance % list.length];
  if (found === undefined) throw new RangeError('Nothing to pick from.');
  return found;
}
