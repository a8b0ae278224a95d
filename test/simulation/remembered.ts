// Short histories that once broke a law, kept as files: replayed in every test run.
import { readFileSync, readdirSync } from 'node:fs';
import { liveHistory } from '../../main/simulator/live.ts';
import type { Lived } from '../../main/simulator/live.ts';
import { parseStep } from '../../main/simulator/script.ts';
import { peopleSync } from './people-sync.ts';

interface Remembered {
  /** What went wrong, in words. */
  readonly what: string;
  readonly seed: number;
  readonly steps: readonly string[];
}

const folder = new URL('remembered/', import.meta.url);

export const remembered: readonly (Remembered & { readonly name: string })[] = readdirSync(folder).map((file) => ({
  name: file.replace(/\.json$/, ''),
  ...(JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Remembered),
}));

export function replay({ seed, steps }: Remembered): Promise<Lived> {
  return liveHistory(peopleSync(seed, false), { seed, steps: steps.map(parseStep) });
}
