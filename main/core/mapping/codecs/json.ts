// JSON documents in a cell: compared by content, not by spelling.
import { asValue, refuse, show, written } from '../words.ts';
import { cellText } from './codec.ts';
import type { Codec } from './codec.ts';
import { parseJson, printJson } from './json-text.ts';

/** Names are sorted and spaces dropped; numbers keep all their digits. Written as text everywhere. */
export function jsonCodec(): Codec {
  return {
    read: (native) => {
      const text = cellText(native);
      if (text === undefined) return refuse(`not JSON: ${show(native)}`);
      const parsed = parseJson(text);
      return 'problem' in parsed ? refuse(`not JSON: ${show(text)} (${parsed.problem})`) : asValue(printJson(parsed.node));
    },
    write: (value) => {
      const parsed = typeof value === 'string' ? parseJson(value) : { problem: 'it is no text' };
      return 'problem' in parsed ? refuse(`not JSON: ${show(value)} (${parsed.problem})`) : written(printJson(parsed.node));
    },
    keeps: () => false,
  };
}
