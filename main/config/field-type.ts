// A field's type as the core knows it, from the way the files write it; and how it merges.
import type { FieldType, MergeKind, ScalarType } from '../core/model/field.ts';
import type { FieldConfig } from './schema.ts';

function scalarType(config: Omit<FieldConfig, 'class' | 'of' | 'ordered'>): ScalarType {
  switch (config.type) {
    case 'text':
      return { kind: 'text', normal: config.normal ?? [] };
    case 'decimal':
      return config.scale === undefined ? { kind: 'decimal' } : { kind: 'decimal', scale: config.scale };
    case 'enum':
      return { kind: 'enum', values: config.values ?? [] };
    case 'list':
      throw new RangeError('A list of lists is not a type.');
    default:
      return { kind: config.type };
  }
}

/** The core's type of a configured field. */
export function fieldType(config: FieldConfig): FieldType {
  if (config.type !== 'list') return scalarType(config);
  return { kind: 'list', of: scalarType(config.of ?? { type: 'text' }), ordered: config.ordered ?? false };
}

type Kind = FieldConfig['type'];

/** How plain `merge` merges a type; undefined where nothing is natural and the kind must be written. */
export function naturalMerge(type: Kind): MergeKind | undefined {
  switch (type) {
    case 'list':
      return 'union';
    case 'text':
      return 'text';
    case 'integer':
    case 'decimal':
      return 'sum';
    default:
      return undefined;
  }
}

/** The merges that a type can have. */
export function possibleMerges(type: Kind): readonly MergeKind[] {
  switch (type) {
    case 'list':
      return ['union'];
    case 'text':
      return ['text'];
    case 'integer':
    case 'decimal':
      return ['sum', 'min', 'max'];
    case 'date':
    case 'time':
    case 'datetime':
    case 'instant':
      return ['min', 'max'];
    case 'boolean':
    case 'enum':
    case 'json':
    case 'bytes':
      return [];
  }
}

const unitsInMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `5s` as milliseconds. The schema has checked the form. */
export function durationMs(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  if (match === null) throw new RangeError(`Not a duration: ${text}`);
  return Number(match[1]) * (unitsInMs[match[2] ?? 's'] ?? 1000);
}
