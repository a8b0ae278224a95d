// Values for every type of field, each unlike those before it as far as the type has room.
import { canonicalList } from '../core/mapping/codecs/list.ts';
import type { FieldType, ScalarType } from '../core/model/field.ts';
import type { Scalar, Value } from '../core/model/value.ts';
import type { Random } from './random.ts';

const dayMs = 86_400_000;
const firstDay = Date.UTC(2025, 2, 4, 5);

/** The value number `count` of a field, in canonical form. */
export function generatedValue(name: string, type: FieldType, count: number, random: Random): Value {
  if (type.kind !== 'list') return scalar(name, type, count, random);
  const items = [scalar(name, type.of, count, random), ...(random.chance(0.5) ? [scalar(name, type.of, count + 1, random)] : [])];
  return canonicalList(items, type.ordered);
}

function scalar(name: string, type: ScalarType, count: number, random: Random): Scalar {
  switch (type.kind) {
    case 'text':
      return text(name, count, type.normal);
    case 'integer':
      return String(count);
    case 'decimal':
      return decimal(count, type.scale);
    case 'boolean':
      return random.chance(0.5);
    case 'enum':
      return random.pick(type.values);
    case 'date':
      return new Date(firstDay + count * dayMs).toISOString().slice(0, 10);
    case 'time':
      return new Date(firstDay + count * 61_000).toISOString().slice(11, 19);
    case 'datetime':
      return new Date(firstDay + count * 61_000).toISOString().slice(0, 19);
    case 'instant':
      return new Date(firstDay + count * 61_000 + (random.chance(0.5) ? 250 : 0)).toISOString();
    case 'json':
      return `{"${name}":${count}}`;
    case 'bytes':
      return Buffer.from(`${name} ${count}`).toString('base64');
  }
}

function text(name: string, count: number, normal: Extract<ScalarType, { kind: 'text' }>['normal']): string {
  const plain = /mail/i.test(name) ? `p${count}@example.org` : `${name} ${count}`;
  return normal.includes('uppercase') ? plain.toUpperCase() : normal.includes('lowercase') ? plain.toLowerCase() : plain;
}

function decimal(count: number, scale: number | undefined): string {
  if (scale === 0) return String(count);
  const digits = String(1 + (count % 9)).padEnd(scale ?? 1, '0');
  return `${count}.${digits}`;
}
