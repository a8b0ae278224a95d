// Text: as it is, in the field's normal form.
import type { NormalStep } from '../../model/field.ts';
import { normalise } from '../normal.ts';
import { asValue, refuse, show, written } from '../words.ts';
import { cellText } from './codec.ts';
import type { Codec, Place } from './codec.ts';
import { storeInteger } from './number.ts';

/** `maxLength`, in code points: longer text is written cut, and its image is the cut text. */
export function textCodec(normal: readonly NormalStep[], maxLength: number | undefined, place: Place): Codec {
  const isText = place.textual || (place.format.storage ?? 'text') === 'text';
  return {
    readsSpaces: true,
    readsBack: isText,
    read: (native) => {
      const text = typeof native === 'string' ? native : cellText(native);
      return text === undefined ? refuse(`not text: ${show(native)}`) : asValue(normalise(text, normal));
    },
    write: (value) => {
      if (typeof value !== 'string') return refuse(`not text: ${show(value)}`);
      const text = cut(normalise(value, normal), maxLength);
      return isText ? written(text) : storeNumeric(text, place.format.storage === 'real');
    },
    keeps: (value) =>
      isText && typeof value === 'string' && (maxLength === undefined || value.length <= maxLength) && normalise(value, normal) === value,
  };
}

function cut(text: string, maxLength: number | undefined): string {
  if (maxLength === undefined || text.length <= maxLength) return text;
  return [...text].slice(0, maxLength).join('');
}

/** Text in a numeric column: only digits that come back as they are; leading zeros are refused, not lost. */
function storeNumeric(text: string, real: boolean): ReturnType<Codec['write']> {
  if (/^(?:0|-?[1-9]\d*)$/.test(text)) {
    const stored = storeInteger(text);
    if (!real || typeof stored === 'number') return written(stored);
  }
  if (real && cellText(Number(text)) === text) return written(Number(text));
  return refuse(`a numeric column cannot hold this text as it is: ${show(text)}`);
}
