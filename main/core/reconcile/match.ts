// Exact matching: gives new native rows with one match key to a record, to a new record, or to a person.

/** New rows and live records that share one match key. */
export interface MatchGroup {
  readonly key: string;
  /** Live records with this match key, and the endpoints that each already has a row at. */
  readonly records: readonly { readonly id: string; readonly linkedAt: readonly string[] }[];
  readonly rows: readonly MatchRow[];
}

/** A native row that no record has yet. */
export interface MatchRow {
  readonly endpoint: string;
  readonly key: string;
}

export type MatchDecision =
  | { readonly kind: 'link'; readonly record: string; readonly rows: readonly MatchRow[] }
  | { readonly kind: 'new'; readonly rows: readonly MatchRow[] }
  /** Nothing is written for these rows until a person has decided. */
  | { readonly kind: 'ambiguous'; readonly why: string };

/**
 * One partner on each side, or nobody: several records, several rows of one endpoint, or a row of an endpoint where the record has
 * one already are ambiguous. The same rows at several endpoints, one each, are one record.
 */
export function decideMatch(group: MatchGroup): MatchDecision {
  const { records, rows } = group;
  const doubled = doubledEndpoint(rows);
  if (doubled !== undefined) {
    const count = rows.filter((row) => row.endpoint === doubled).length;
    return { kind: 'ambiguous', why: `${count} rows of ${doubled} have the same match fields` };
  }
  const [record, ...others] = records;
  if (record === undefined) return { kind: 'new', rows };
  if (others.length > 0) return { kind: 'ambiguous', why: `${records.length} records have the same match fields` };
  const taken = rows.find((row) => record.linkedAt.includes(row.endpoint));
  if (taken !== undefined) return { kind: 'ambiguous', why: `the matching record already has another row in ${taken.endpoint}` };
  return { kind: 'link', record: record.id, rows };
}

function doubledEndpoint(rows: readonly MatchRow[]): string | undefined {
  const seen = new Set<string>();
  for (const { endpoint } of rows) {
    if (seen.has(endpoint)) return endpoint;
    seen.add(endpoint);
  }
  return undefined;
}
