// In which direction records go between two neighbours.
import type { EndpointBrief } from '../../../preload/contract/values.ts';

export interface Arrow {
  readonly icon: 'both' | 'left' | 'right';
  readonly words: string;
}

/** No arrow where neither side takes what the other gives. */
export function arrowBetween(a: Pick<EndpointBrief, 'reads' | 'writes'>, b: Pick<EndpointBrief, 'reads' | 'writes'>): Arrow | undefined {
  const onwards = a.reads && b.writes;
  const back = b.reads && a.writes;
  if (onwards && back) return { icon: 'both', words: 'both ways' };
  if (onwards) return { icon: 'right', words: 'to' };
  return back ? { icon: 'left', words: 'from' } : undefined;
}
