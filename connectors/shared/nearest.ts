// Finds the names that a person most likely meant when one is missing.

/** At most `limit` present names that resemble `name`, nearest first; empty when none does. */
export function nearestNames(name: string, present: readonly string[], limit = 3): readonly string[] {
  const wanted = simplify(name);
  return present
    .map((candidate) => ({ candidate, distance: resemblance(wanted, simplify(candidate)) }))
    .filter(({ distance }) => distance <= 0.5)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

function simplify(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();
}

/** 0 for the same, 1 for nothing in common; a name inside the other counts as near. */
function resemblance(a: string, b: string): number {
  if (a === b) return 0;
  if (a === '' || b === '') return 1;
  if (a.includes(b) || b.includes(a)) return 0.3;
  return editDistance(a, b) / Math.max(a.length, b.length);
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
