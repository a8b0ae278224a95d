// The draft of a mapping: what is connected to what at each endpoint, and how it differs from what is published.
import type { CallOutput } from '../../../preload/contract/index.ts';
import type { FieldMapping } from '../../../preload/contract/syncs.ts';

export type Mapping = CallOutput<'mapping.get'>;
export type EndpointMapping = Mapping['endpoints'][number];
/** Field mappings by endpoint. */
export type Draft = Readonly<Record<string, readonly FieldMapping[]>>;
export type Direction = FieldMapping['direction'];

export function draftOf(endpoints: Mapping['endpoints']): Draft {
  return Object.fromEntries(endpoints.map((entry) => [entry.endpoint.name, entry.mappings]));
}

export function mappingOf(draft: Draft, endpoint: string, field: string): FieldMapping | undefined {
  return draft[endpoint]?.find((mapping) => mapping.field === field);
}

export function mappingAt(draft: Draft, endpoint: string, column: string): FieldMapping | undefined {
  return draft[endpoint]?.find((mapping) => mapping.column === column);
}

/**
 * Connects a field with a column. What either was connected to at this endpoint before gives way; a field that only moves to another
 * column keeps its direction, format and handling of blanks.
 */
export function connect(draft: Draft, endpoint: string, field: string, column: string, canWrite: boolean): Draft {
  const old = draft[endpoint] ?? [];
  const was = mappingOf(draft, endpoint, field);
  const next: FieldMapping =
    was === undefined
      ? { field, column, direction: canWrite ? 'both' : 'read', blank: 'propagate', format: {}, values: {} }
      : { ...was, column };
  const kept = old.filter((mapping) => mapping.column !== column || mapping.field === field);
  return { ...draft, [endpoint]: was === undefined ? [...kept, next] : kept.map((mapping) => (mapping.field === field ? next : mapping)) };
}

export function unmap(draft: Draft, endpoint: string, field: string): Draft {
  return { ...draft, [endpoint]: (draft[endpoint] ?? []).filter((mapping) => mapping.field !== field) };
}

export function change(draft: Draft, endpoint: string, next: FieldMapping): Draft {
  return { ...draft, [endpoint]: (draft[endpoint] ?? []).map((mapping) => (mapping.field === next.field ? next : mapping)) };
}

/** Both, read, write, both. An endpoint that cannot be written is only read. */
export function nextDirection(direction: Direction, canWrite: boolean): Direction {
  if (!canWrite) return 'read';
  switch (direction) {
    case 'both':
      return 'read';
    case 'read':
      return 'write';
    case 'write':
      return 'both';
  }
}

export interface Difference {
  readonly endpoint: string;
  readonly field: string;
  readonly what: string;
}

function sameWords(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

function differs(was: FieldMapping, now: FieldMapping): string[] {
  return [
    ...(was.column === now.column ? [] : [`column ${was.column} → ${now.column}`]),
    ...(was.direction === now.direction ? [] : [`direction ${was.direction} → ${now.direction}`]),
    ...(was.blank === now.blank ? [] : [`blank ${was.blank} → ${now.blank}`]),
    ...(sameWords(was.format, now.format) ? [] : ['format']),
    ...(sameWords(was.values, now.values) ? [] : ['values']),
  ];
}

/** Every field of every endpoint that is not as published. The order of mappings is no difference. */
export function differences(published: Draft, draft: Draft): Difference[] {
  const found: Difference[] = [];
  for (const endpoint of new Set([...Object.keys(published), ...Object.keys(draft)])) {
    const names = new Set([...(published[endpoint] ?? []), ...(draft[endpoint] ?? [])].map((mapping) => mapping.field));
    for (const field of names) {
      const was = mappingOf(published, endpoint, field);
      const now = mappingOf(draft, endpoint, field);
      if (was === undefined && now !== undefined) found.push({ endpoint, field, what: `mapped to ${now.column}` });
      else if (was !== undefined && now === undefined) found.push({ endpoint, field, what: `no longer mapped to ${was.column}` });
      else if (was !== undefined && now !== undefined) {
        const parts = differs(was, now);
        if (parts.length > 0) found.push({ endpoint, field, what: parts.join(', ') });
      }
    }
  }
  return found;
}

/** The field that a refusal names; the longest name wins, so that `name` is not found in `last name`. */
export function fieldNamed(message: string, fields: readonly string[]): string | undefined {
  const isIn = (field: string): boolean => {
    const at = message.indexOf(field);
    const around = `${message.charAt(at - 1)}${message.charAt(at + field.length)}`;
    return at >= 0 && !/[\p{L}\p{N}_]/u.test(around);
  };
  return [...fields].sort((a, b) => b.length - a.length).find(isIn);
}
