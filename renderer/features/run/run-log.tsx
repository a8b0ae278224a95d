// The log of a run.
import { useCallback, useState } from 'react';
import type { ReactNode } from 'react';
import type { CallOutput } from '../../../preload/contract/index.ts';
import { ask, usePagedAsk } from '../../api.ts';
import { preciseTime } from '../../ui/format.ts';
import { Status } from '../../ui/status.tsx';
import { VirtualTable } from '../../ui/virtual-table.tsx';
import type { Column } from '../../ui/virtual-table.tsx';

type Line = CallOutput<'runs.log'>['lines'][number];

const levels = {
  info: { icon: 'info', tone: 'idle', word: 'Info' },
  warn: { icon: 'warn', tone: 'held', word: 'Warning' },
  error: { icon: 'failed', tone: 'failed', word: 'Error' },
} as const;

const columns: readonly Column<Line>[] = [
  { id: 'time', head: 'Time', width: '120px', cell: (line) => <span className="v t2">{preciseTime(line.at)}</span> },
  {
    id: 'level',
    head: 'Level',
    width: '104px',
    cell: (line) => (
      <Status icon={levels[line.level].icon} tone={levels[line.level].tone}>
        {levels[line.level].word}
      </Status>
    ),
  },
  { id: 'message', head: 'Message', width: 'minmax(200px, 1fr)', cell: (line) => <span title={line.message}>{line.message}</span> },
];

export function RunLog({ run }: { readonly run: number }): ReactNode {
  const [selected, setSelected] = useState(0);
  const load = useCallback(
    async (offset: number, limit: number) => {
      const { total, lines } = await ask('runs.log', { run, offset, limit });
      return { total, items: lines };
    },
    [run],
  );
  const source = usePagedAsk(`log of ${run}`, load);
  return (
    <VirtualTable
      label="Log"
      columns={columns}
      source={source}
      rowHeight={28}
      selected={selected}
      onSelect={setSelected}
      onRetry={source.again}
      takesFocus
    />
  );
}
