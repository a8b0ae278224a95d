// Seeded chance: the same seed gives the same numbers on every machine.

export interface Random {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** The list in another order. */
  shuffle<T>(list: readonly T[]): T[];
}

/** A linear congruential state with a permuted output (PCG's XSH-RR, 64 to 32 bits). */
export function seededRandom(seed: number): Random {
  const mask = (1n << 64n) - 1n;
  let state = (BigInt(seed) * 2n + 1n) & mask;
  const next = (): number => {
    const old = state;
    state = (old * 6364136223846793005n + 1442695040888963407n) & mask;
    const mixed = Number((((old >> 18n) ^ old) >> 27n) & 0xffffffffn);
    const turn = Number(old >> 59n);
    return ((mixed >>> turn) | (mixed << (-turn & 31))) >>> 0;
  };
  next();
  const below = (limit: number) => Math.floor((next() / 2 ** 32) * limit);
  return {
    below,
    chance: (probability) => next() / 2 ** 32 < probability,
    pick: <T>(list: readonly T[]): T => {
      const found = list[below(list.length)];
      if (found === undefined) throw new RangeError('Nothing to pick from.');
      return found;
    },
    shuffle: <T>(list: readonly T[]): T[] => {
      const result = [...list];
      for (let index = result.length - 1; index > 0; index--) {
        const other = below(index + 1);
        const kept = result[index] as T;
        result[index] = result[other] as T;
        result[other] = kept;
      }
      return result;
    },
  };
}
