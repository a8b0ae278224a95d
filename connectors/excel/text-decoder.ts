// Turns the bytes of a part into text piece by piece, and back to the same bytes: what is not UTF-8 is refused, nothing is replaced.
import { isAscii, isUtf8 } from 'node:buffer';

export interface TextDecoder {
  /** The text of these bytes, without a character that is not whole yet; undefined when they are no UTF-8. */
  decode(bytes: Buffer): string | undefined;
  /** Whether no half character is left. */
  isComplete(): boolean;
}

export function createTextDecoder(): TextDecoder {
  let rest: Buffer = Buffer.alloc(0);
  return {
    decode(bytes) {
      if (rest.length === 0 && isAscii(bytes)) return bytes.toString('latin1');
      const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      const whole = all.subarray(0, all.length - cutBytes(all));
      if (!isUtf8(whole)) return undefined;
      rest = Buffer.from(all.subarray(whole.length));
      return whole.toString('utf8');
    },
    isComplete: () => rest.length === 0,
  };
}

/** How many bytes at the end begin a character that is not whole. */
function cutBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? back : 0;
    }
  }
  return 0;
}
