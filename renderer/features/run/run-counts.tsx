// The counts of a run; each opens the rows behind it.
import type { ReactNode } from 'react';
import { count } from '../../ui/format.ts';
import type { IconName } from '../../ui/icon.tsx';
import { Status } from '../../ui/status.tsx';
import type { Tone } from '../../ui/status.tsx';
import type { RunDetail, RunFilter } from './run-filter.ts';
import { sameFilter } from './run-filter.ts';

interface Figure {
  readonly word: string;
  readonly icon: IconName;
  readonly tone: Tone;
  readonly value: number;
  readonly filter: Pick<RunFilter, 'kind' | 'state'>;
}

function figures(run: RunDetail): readonly Figure[] {
  const { counts } = run;
  return [
    { word: 'Created', icon: 'create', tone: 'create', value: counts.created, filter: { kind: 'create', state: 'done' } },
    { word: 'Updated', icon: 'update', tone: 'update', value: counts.updated, filter: { kind: 'update', state: 'done' } },
    { word: 'Deleted', icon: 'delete', tone: 'delete', value: counts.deleted, filter: { kind: 'delete', state: 'done' } },
    { word: 'Conflicts', icon: 'conflict', tone: 'conflict', value: run.conflictsOpened, filter: { kind: 'conflict', state: '' } },
    { word: 'Withheld', icon: 'held', tone: 'held', value: counts.withheld, filter: { kind: 'withheld', state: '' } },
    { word: 'Skipped', icon: 'skip', tone: 'idle', value: counts.skipped, filter: { kind: 'skip', state: '' } },
    { word: 'Failed', icon: 'failed', tone: 'failed', value: counts.failed, filter: { kind: '', state: 'failed' } },
  ];
}

export interface RunCountsProps {
  readonly run: RunDetail;
  readonly filter: RunFilter;
  readonly onFilter: (filter: Pick<RunFilter, 'kind' | 'state'>) => void;
}

/** Pressed again, a count shows everything again. */
export function RunCounts({ run, filter, onFilter }: RunCountsProps): ReactNode {
  return (
    <section className="counts" aria-label="Counts">
      {figures(run).map((figure) => {
        const isOn = sameFilter(filter, figure.filter);
        return (
          <button
            type="button"
            key={figure.word}
            aria-pressed={isOn}
            onClick={() => onFilter(isOn ? { kind: '', state: '' } : figure.filter)}
          >
            <Status icon={figure.icon} tone={figure.tone}>
              {figure.word}
            </Status>
            <b className={figure.value === 0 ? 't3' : undefined}>{count(figure.value)}</b>
          </button>
        );
      })}
    </section>
  );
}
