// Lives many histories of one sync, one after the other, and reports what they found.
import { KantoError } from '../core/model/error.ts';
import { allFaults, isFault } from './faults.ts';
import type { Fault } from './faults.ts';
import { liveHistory } from './live.ts';
import { Findings } from './report.ts';
import type { SimulationReport } from './report.ts';
import { writeScript } from './script.ts';
import { shrink } from './shrink.ts';
import type { Subject } from './subject.ts';

/** A list of names, `all` or `none`. Throws `invalid-input` where one is unknown. */
export function faultsNamed(names: readonly string[]): readonly Fault[] {
  if (names.length === 1 && names[0] === 'all') return allFaults;
  if (names.length === 1 && names[0] === 'none') return [];
  return [...new Set(names)].map((name) => {
    if (isFault(name)) return name;
    throw new KantoError(
      'invalid-input',
      `There is no fault ${JSON.stringify(name)}.`,
      `Name all, none, or some of ${allFaults.join(', ')}.`,
      'ask-user',
    );
  });
}

export interface SimulationOptions {
  readonly faults: readonly Fault[];
  /** The first history's; the next ones count up. */
  readonly seed: number;
  readonly histories: number;
  /** Stops after the history under way; what was lived is reported. */
  readonly signal: AbortSignal;
  readonly onProgress?: (lived: number) => void;
  /** Where temporary folders are made. */
  readonly parent?: string;
  /** What of the configuration is not simulated, in words. */
  readonly notes?: readonly string[];
}

/** Histories lived at most to shorten the first failing one. */
const shrinkTries = 120;

/** Between histories and their steps others are answered. */
export async function simulate(subject: Subject, options: SimulationOptions): Promise<SimulationReport> {
  const { faults, seed, histories, signal, parent, notes = [] } = options;
  const findings = new Findings();
  const begun = performance.now();
  for (let at = 0; at < histories && !signal.aborted; at += 1) {
    const script = writeScript(seed + at, faults);
    const lived = await liveHistory(subject, script, parent);
    findings.add(lived);
    if (lived.broken && !findings.hasFailure) findings.tell(await shrink(subject, script, lived, { tries: shrinkTries, parent, signal }));
    options.onProgress?.(at + 1);
  }
  const tookMs = Math.round(performance.now() - begun);
  const facts = { sync: subject.sync, seed, asked: histories, cancelled: signal.aborted, tookMs, notes };
  return findings.report(facts, faults);
}
