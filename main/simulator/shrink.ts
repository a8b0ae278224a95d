// Makes a failing history short: leaves out steps and faults for as long as the same law is broken.
import type { Law } from './law.ts';
import { liveHistory } from './live.ts';
import type { Lived } from './live.ts';
import type { Script, ScriptStep } from './script.ts';
import type { Subject } from './subject.ts';

export interface ShrinkOptions {
  /** Histories lived at most. */
  readonly tries: number;
  readonly parent?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The shortest history found that still breaks the law, as it was lived. */
export async function shrink(subject: Subject, script: Script, failed: Lived, options: ShrinkOptions): Promise<Lived> {
  const law = failed.broken?.law;
  let best = { script, lived: failed };
  let tries = options.tries;
  const attempt = async (steps: readonly ScriptStep[]): Promise<boolean> => {
    if (tries <= 0 || options.signal?.aborted === true) return false;
    tries -= 1;
    const shorter = { ...script, steps };
    const lived = await liveHistory(subject, shorter, options.parent);
    if (!breaks(lived, law)) return false;
    best = { script: shorter, lived };
    return true;
  };
  for (let size = Math.ceil(script.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < best.script.steps.length; ) {
      const { steps } = best.script;
      if (!(await attempt([...steps.slice(0, at), ...steps.slice(at + size)]))) at += size;
    }
  }
  for (let at = 0; at < best.script.steps.length; at += 1) {
    for (const fault of best.script.steps[at]?.faults ?? [])
      await attempt(best.script.steps.map((step, index) => (index === at ? without(step, fault) : step)));
  }
  return best.lived;
}

function breaks(lived: Lived, law: Law | undefined): boolean {
  return lived.broken !== undefined && lived.broken.law === law;
}

function without(step: ScriptStep, fault: string): ScriptStep {
  return { ...step, faults: step.faults.filter((one) => one !== fault) };
}
