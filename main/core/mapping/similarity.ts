// How alike two names are: Jaro-Winkler on names without case, accents and marks.

/** `E-Mail Adresse` and `email_adresse` are the same name: letters and digits only, lower case, without accents. */
export function plainName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** Jaro-Winkler similarity, 0 to 1: characters in common near the same place, and a bonus for a common beginning of up to four. */
export function jaroWinkler(a: string, b: string): number {
  if (a === b) return 1;
  const [left, right] = [[...a], [...b]];
  const leftHits = new Set<number>();
  const rightHits = new Set<number>();
  const reach = Math.max(Math.floor(Math.max(left.length, right.length) / 2) - 1, 0);
  for (const [index, character] of left.entries()) {
    const end = Math.min(index + reach + 1, right.length);
    for (let other = Math.max(0, index - reach); other < end; other += 1) {
      if (rightHits.has(other) || right[other] !== character) continue;
      leftHits.add(index);
      rightHits.add(other);
      break;
    }
  }
  const common = leftHits.size;
  if (common === 0) return 0;
  const fromLeft = left.filter((_, index) => leftHits.has(index));
  const fromRight = right.filter((_, index) => rightHits.has(index));
  const moved = fromLeft.filter((character, index) => character !== fromRight[index]).length / 2;
  const jaro = (common / left.length + common / right.length + (common - moved) / common) / 3;
  const differs = left.slice(0, 4).findIndex((character, index) => character !== right[index]);
  const prefix = differs < 0 ? Math.min(4, left.length) : differs;
  return jaro + prefix * 0.1 * (1 - jaro);
}
