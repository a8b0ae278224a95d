// Long work: phase, done of total, rate, time left, and Cancel beside it.
// biome-ignore-all lint/a11y/useSemanticElements: the system's meter and progress elements cannot take the tokens' look
// oxlint-disable jsx-a11y/prefer-tag-over-role
import type { ReactNode } from 'react';
import { count, duration } from './format.ts';
import type { Tone } from './status.tsx';

/** A bar. Without a total there is no bar. */
export function Bar({ share, tone, label }: { readonly share: number; readonly tone?: Tone; readonly label: string }): ReactNode {
  const percent = Math.round(Math.max(0, Math.min(1, share)) * 1000) / 10;
  return (
    <div
      className={tone === undefined ? 'progress' : `progress ${tone}`}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <i style={{ width: `${percent}%` }} />
    </div>
  );
}

export interface ProgressProps {
  readonly phase: string;
  readonly done: number;
  readonly total?: number | undefined;
  readonly perSecond: number;
  readonly remainingMs?: number | undefined;
  /** The button that stops it. */
  readonly cancel?: ReactNode;
}

export function Progress({ phase, done, total, perSecond, remainingMs, cancel }: ProgressProps): ReactNode {
  const share = total === undefined || total === 0 ? undefined : Math.min(1, done / total);
  const parts = [
    total === undefined ? count(done) : `${count(done)} of ${count(total)}`,
    perSecond > 0 ? `${count(Math.round(perSecond))}/s` : '',
    remainingMs === undefined ? '' : `${duration(remainingMs)} left`,
  ];
  return (
    <div className="working">
      <b className="med nowrap">{phase}</b>
      {share === undefined ? null : (
        <div
          className="progress grow"
          role="progressbar"
          aria-label={phase}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(share * 100)}
        >
          <i style={{ width: `${share * 100}%` }} />
        </div>
      )}
      <span className="t2 sm nowrap working__figures">{parts.filter((part) => part !== '').join(' · ')}</span>
      {share === undefined ? <span className="grow" /> : null}
      {cancel}
    </div>
  );
}
