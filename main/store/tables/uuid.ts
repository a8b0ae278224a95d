// Record identifiers: text outside, sixteen bytes in the database.

export function uuidBytes(text: string): Buffer {
  return Buffer.from(text.replaceAll('-', ''), 'hex');
}

/** SQL that turns a column of sixteen bytes into the text of the identifier; NULL stays NULL. */
export function uuidText(column: string): string {
  const hex = `lower(hex(${column}))`;
  const parts = [
    [1, 8],
    [9, 4],
    [13, 4],
    [17, 4],
    [21, 12],
  ].map(([from, length]) => `substr(${hex}, ${from}, ${length})`);
  return `iif(${column} IS NULL, NULL, ${parts.join(" || '-' || ")})`;
}
