// The columns of a list of runs, on the screen of all runs and in a sync.
import type { ReactNode } from 'react';
import type { RunSummary } from '../../../preload/contract/runs.ts';
import { resultLine } from '../../shell/result.ts';
import { isMoving, runWordOf } from '../../shell/words.ts';
import type { RunState } from '../../shell/words.ts';
import { age, count, dateTime, duration } from '../../ui/format.ts';
import { Status } from '../../ui/status.tsx';
import type { Column } from '../../ui/virtual-table.tsx';

export function RunStatusWord({ run }: { readonly run: RunState }): ReactNode {
  const { word, icon, tone } = runWordOf(run);
  return (
    <Status icon={icon} tone={tone}>
      {word}
    </Status>
  );
}

function Figure({ value }: { readonly value: number }): ReactNode {
  return value === 0 ? <span className="t3">0</span> : count(value);
}

/** `withSync`: the list holds runs of several syncs. */
export function runColumns(now: number, withSync: boolean): readonly Column<RunSummary>[] {
  const figure = (id: 'created' | 'updated' | 'deleted', head: string): Column<RunSummary> => ({
    id,
    head,
    width: '84px',
    align: 'right',
    rank: 2,
    cell: (run) => <Figure value={run.counts[id]} />,
  });
  return [
    { id: 'run', head: 'Run', width: '84px', cell: (run) => <span className="num med">{count(run.id)}</span> },
    ...(withSync ? [{ id: 'sync', head: 'Sync', width: 'minmax(110px, 1fr)', cell: (run: RunSummary) => run.title }] : []),
    { id: 'status', head: 'Result', width: '118px', cell: (run) => <RunStatusWord run={run} /> },
    { id: 'started', head: 'Started', width: '136px', rank: 3, cell: (run) => <span className="v t2">{dateTime(run.started)}</span> },
    {
      id: 'age',
      head: 'Ended',
      width: '76px',
      align: 'right',
      cell: (run) => (
        <span className="t2 sm">{run.finished === undefined ? (isMoving(run) ? 'running' : '') : age(run.finished, now)}</span>
      ),
    },
    {
      id: 'took',
      head: 'Took',
      width: '84px',
      align: 'right',
      rank: 3,
      cell: (run) => <span className="t2 sm">{run.finished === undefined ? '' : duration(run.finished - run.started)}</span>,
    },
    figure('created', 'Created'),
    figure('updated', 'Updated'),
    figure('deleted', 'Deleted'),
    {
      id: 'conflicts',
      head: 'Conflicts',
      width: '84px',
      align: 'right',
      cell: (run) =>
        run.conflictsOpened === 0 ? <span className="t3">0</span> : <span className="conflict">{count(run.conflictsOpened)}</span>,
    },
    {
      id: 'outcome',
      head: 'Outcome',
      width: 'minmax(140px, 2fr)',
      rank: 3,
      cell: (run) => <span className="t2 sm">{run.problem?.message ?? (isMoving(run) ? '' : resultLine(run))}</span>,
    },
  ];
}
