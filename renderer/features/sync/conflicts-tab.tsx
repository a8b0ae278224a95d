// The open conflicts of one sync.
import { useCallback, useState } from 'react';
import type { ReactNode } from 'react';
import type { QueueItem } from '../../../preload/contract/conflicts.ts';
import { ask, usePagedAsk } from '../../api.ts';
import { go } from '../../hash-location.ts';
import { age } from '../../ui/format.ts';
import { EmptyState } from '../../ui/states.tsx';
import { Status } from '../../ui/status.tsx';
import { VirtualTable } from '../../ui/virtual-table.tsx';
import type { Column } from '../../ui/virtual-table.tsx';

const kinds: Readonly<Record<QueueItem['kind'], string>> = {
  fields: 'Fields',
  presence: 'Deleted or kept',
  match: 'Which belong together',
};

function columns(now: number): readonly Column<QueueItem>[] {
  return [
    { id: 'record', head: 'Record', width: 'minmax(160px, 1fr)', cell: (item) => <span className="med">{item.label}</span> },
    {
      id: 'kind',
      head: 'Question',
      width: '184px',
      rank: 2,
      cell: (item) => (
        <Status icon="conflict" tone="conflict">
          {kinds[item.kind]}
        </Status>
      ),
    },
    {
      id: 'detail',
      head: 'About',
      width: 'minmax(180px, 2fr)',
      cell: (item) => <span className="t2 sm">{item.fields.length > 0 ? item.fields.join(', ') : item.detail}</span>,
    },
    {
      id: 'decided',
      head: 'State',
      width: '160px',
      rank: 2,
      cell: (item) => <span className="t2 sm">{item.decided ? 'decided, waits for a run' : 'open'}</span>,
    },
    { id: 'since', head: 'Since', width: '76px', align: 'right', cell: (item) => <span className="t2 sm">{age(item.since, now)}</span> },
  ];
}

export function ConflictsTab({ sync, now }: { readonly sync: string; readonly now: number }): ReactNode {
  const [selected, setSelected] = useState(0);
  const load = useCallback(
    async (offset: number, limit: number) => {
      const { total, items } = await ask('conflicts.list', { sync, offset, limit });
      return { total, items };
    },
    [sync],
  );
  const source = usePagedAsk(`conflicts of ${sync}`, load);
  return (
    <VirtualTable
      label="Conflicts"
      columns={columns(now)}
      source={source}
      selected={selected}
      onSelect={setSelected}
      onOpen={(item) => go(`/conflicts/${item.id}?sync=${encodeURIComponent(sync)}`)}
      opens="review"
      onRetry={source.again}
      takesFocus
      empty={
        <EmptyState title="No open conflict">
          Where several endpoints changed the same field and no rule decides, the field waits here for a person. The rest of the record goes
          on.
        </EmptyState>
      }
    />
  );
}
