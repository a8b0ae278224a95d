// The codec of every field type at a place.
import type { FieldType, ScalarType } from '../../model/field.ts';
import { bytesCodec } from './bytes.ts';
import { booleanCodec, enumCodec } from './choice.ts';
import type { Codec, Place } from './codec.ts';
import { instantCodec } from './instant.ts';
import { jsonCodec } from './json.ts';
import { listCodec } from './list.ts';
import { localTimeCodec } from './local-time.ts';
import { decimalCodec, integerCodec } from './number.ts';
import { textCodec } from './text.ts';

/** `maxLength` cuts text only. */
export function makeCodec(type: FieldType, place: Place, maxLength?: number): Codec {
  if (type.kind !== 'list') return scalarCodec(type, place, maxLength);
  const { decimal, group, storage, ...format } = place.format;
  // A JSON array has JSON's own numbers; the format's marks serve items between separators.
  const marks =
    format.separator === undefined ? {} : { ...(decimal === undefined ? {} : { decimal }), ...(group === undefined ? {} : { group }) };
  const real = storage === 'real' ? { storage } : {};
  return listCodec(
    type,
    format.separator,
    scalarCodec(type.of, { ...place, format: { ...format, ...marks, ...real }, textual: true }, undefined),
  );
}

function scalarCodec(type: ScalarType, place: Place, maxLength: number | undefined): Codec {
  switch (type.kind) {
    case 'text':
      return textCodec(type.normal, maxLength, place);
    case 'integer':
      return integerCodec(place);
    case 'decimal':
      return decimalCodec(type.scale, place);
    case 'boolean':
      return booleanCodec(place);
    case 'date':
    case 'time':
    case 'datetime':
      return localTimeCodec(type.kind, place);
    case 'instant':
      return instantCodec(place);
    case 'enum':
      return enumCodec(type.values, place);
    case 'json':
      return jsonCodec();
    case 'bytes':
      return bytesCodec(place);
  }
}
