// The runs of one sync.
import { useCallback, useState } from 'react';
import type { ReactNode } from 'react';
import { ask, usePagedAsk } from '../../api.ts';
import { go } from '../../hash-location.ts';
import { EmptyState } from '../../ui/states.tsx';
import { VirtualTable } from '../../ui/virtual-table.tsx';
import { runColumns } from '../runs/run-columns.tsx';

export function RunsTab({ sync, now }: { readonly sync: string; readonly now: number }): ReactNode {
  const [selected, setSelected] = useState(0);
  const load = useCallback(
    async (offset: number, limit: number) => {
      const { total, runs } = await ask('runs.list', { sync, offset, limit });
      return { total, items: runs };
    },
    [sync],
  );
  const source = usePagedAsk(`runs of ${sync}`, load);
  return (
    <VirtualTable
      label="Runs"
      columns={runColumns(now, false)}
      source={source}
      selected={selected}
      onSelect={setSelected}
      onOpen={(run) => go(`/runs/${run.id}`)}
      onRetry={source.again}
      takesFocus
      empty={
        <EmptyState title="It has not run yet">
          Preview shows what a run would write, and writes nothing. Run writes inside the limits.
        </EmptyState>
      }
    />
  );
}
