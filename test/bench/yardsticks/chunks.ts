// Rows in pieces, so that as many as there are never need to be in memory.

export function* chunks<T>(rows: Iterable<T>, size: number): Generator<readonly T[]> {
  let chunk: T[] = [];
  for (const row of rows) {
    chunk.push(row);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
