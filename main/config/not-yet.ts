// Names of the configuration language that are known but do not work yet: refused by name, never ignored.
import type { Finding, Path } from './issue.ts';
import { valueAt } from './explain.ts';

export type FileKind = 'workspace' | 'connection' | 'sync';

interface Later {
  readonly kind: FileKind;
  /** `*` stands for any key. */
  readonly path: readonly string[];
  readonly what: string;
}

const later: readonly Later[] = [
  { kind: 'workspace', path: ['environments'], what: 'environments do not work yet; keep one folder for each' },
  { kind: 'connection', path: ['region'], what: 'regions are not checked yet; leave the key out' },
  {
    kind: 'sync',
    path: ['endpoints', '*', 'fields', '*', 'read'],
    what: 'transformation steps do not work yet; use "format" and "values"',
  },
  {
    kind: 'sync',
    path: ['endpoints', '*', 'fields', '*', 'write'],
    what: 'transformation steps do not work yet; use "format" and "values"',
  },
];

const laterConnectors = ['google-sheets', 'airtable', 'notion', 'hubspot', 'salesforce'];

/** Whether a connector is planned but not there yet. */
export function isLaterConnector(id: string): boolean {
  return laterConnectors.includes(id);
}

function expand(data: unknown, pattern: readonly string[], done: Path): readonly Path[] {
  const [head, ...rest] = pattern;
  if (head === undefined) return [done];
  const here = valueAt(data, done);
  if (typeof here !== 'object' || here === null || Array.isArray(here)) return [];
  const keys = head === '*' ? Object.keys(here) : Object.hasOwn(here, head) ? [head] : [];
  return keys.flatMap((key) => expand(data, rest, [...done, key]));
}

/** Every use of a name that does not work yet. */
export function findNotYet(kind: FileKind, data: unknown): readonly Finding[] {
  return later
    .filter((entry) => entry.kind === kind)
    .flatMap((entry) => expand(data, entry.path, []).map((path) => ({ path, onKey: true, message: `not yet: ${entry.what}` })));
}
