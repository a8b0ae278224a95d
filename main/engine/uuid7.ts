// Record identifiers: UUID version 7 (RFC 9562), ordered by time and within a millisecond by a counter.
import { randomBytes } from 'node:crypto';

export function createUuid7(now: () => number): () => string {
  let last = 0;
  let counter = 0;
  return () => {
    const at = Math.max(now(), last);
    counter = at === last ? counter + 1 : randomBytes(2).readUInt16BE() & 0x7ff;
    last = at;
    if (counter > 0xfff) {
      last += 1;
      counter = 0;
    }
    const bytes = randomBytes(16);
    bytes.writeUIntBE(last, 0, 6);
    bytes.writeUInt16BE(0x7000 | counter, 6);
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    const hex = bytes.toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };
}
