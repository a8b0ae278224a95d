// The phases of a run: what each did and how long it took.
import type { ReactNode } from 'react';
import { phaseWord } from '../../shell/words.ts';
import { duration } from '../../ui/format.ts';
import type { IconName } from '../../ui/icon.tsx';
import { Status } from '../../ui/status.tsx';
import type { Tone } from '../../ui/status.tsx';
import { phaseBars } from './phase-line.ts';
import type { Phase } from './phase-line.ts';

const looks: Readonly<Record<Phase['status'], { readonly icon: IconName; readonly tone: Tone }>> = {
  running: { icon: 'running', tone: 'idle' },
  done: { icon: 'ok', tone: 'insync' },
  withheld: { icon: 'held', tone: 'held' },
  failed: { icon: 'failed', tone: 'failed' },
};

export function Phases({ phases, now }: { readonly phases: readonly Phase[]; readonly now: number }): ReactNode {
  return (
    <section className="phases" aria-label="Phases">
      {phaseBars(phases, now).map(({ phase, left, width, ms }) => {
        const { icon, tone } = looks[phase.status];
        return (
          <div className="phase" key={`${phase.name} ${phase.started}`}>
            <Status icon={icon} tone={tone}>
              {phaseWord[phase.name].word}
            </Status>
            <span className="phase__track">
              <i
                className={`phase__bar phase__bar--${phase.status}`}
                style={{ left: `min(${left * 100}%, 100% - 3px)`, width: `${width * 100}%` }}
              />
            </span>
            <span className="t2 clip phase__note" title={phase.note}>
              {phase.note}
            </span>
            <span className="num t2">{duration(ms)}</span>
          </div>
        );
      })}
    </section>
  );
}
