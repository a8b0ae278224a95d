// Keeps the engine's memory small: rows come and go in batches, and V8 would take a hundred megabytes more only to look at them less often.
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Room for young objects, beyond which more brings no speed here. */
const enoughBytes = 8 * 2 ** 20;
const lookMs = 50;

/** How much the old objects may grow before they are looked at: V8 would let them double or more while there is little. */
const growth = '--heap-growing-percent=50';

/** Lets the room for young objects grow until it is enough, and no further. Works in Node and in Electron's processes alike. */
export function keepHeapSmall(): void {
  setFlagsFromString(growth);
  const timer = setInterval(() => {
    const young = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space');
    if (young !== undefined && young.space_size < enoughBytes) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    clearInterval(timer);
  }, lookMs);
  timer.unref();
}
