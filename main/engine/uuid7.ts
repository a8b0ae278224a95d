// Record identifiers: UUID version 7 (RFC 9562), ordered by time and within a millisecond by a counter.
import { randomInt, randomUUID } from 'node:crypto';

export function createUuid7(now: () => number): () => string {
  let last = 0;
  let counter = 0;
  return () => {
    const at = Math.max(now(), last);
    counter = at === last ? counter + 1 : randomInt(0x800);
    last = at;
    if (counter > 0xfff) {
      last += 1;
      counter = 0;
    }
    const time = last.toString(16).padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}${randomUUID().slice(18)}`;
  };
}
