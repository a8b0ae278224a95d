// The columns of a run's operations.
import type { ReactNode } from 'react';
import type { PlanItem } from '../../../preload/contract/runs.ts';
import { itemWord } from '../../shell/words.ts';
import { preciseTime } from '../../ui/format.ts';
import { Status } from '../../ui/status.tsx';
import { BeforeAfter, ValueLine } from '../../ui/value.tsx';
import type { Column } from '../../ui/virtual-table.tsx';
import { changeOf, fieldWords, whereOf } from '../plan/items.ts';

export function ItemStatus({ item }: { readonly item: PlanItem }): ReactNode {
  const { word, icon, tone } = itemWord(item);
  return (
    <Status icon={icon} tone={tone}>
      {word}
    </Status>
  );
}

/** What the row shows between before and after; a failure or another turn in words. */
export function ItemChange({ item }: { readonly item: PlanItem }): ReactNode {
  if (item.problem !== undefined) return <span className="sm t2">{item.problem.message}</span>;
  if (item.state === 'moved') return <span className="sm t2">moved since the plan, the next run decides</span>;
  if (item.kind === 'skip') return <span className="sm t2">{item.because}</span>;
  const change = changeOf(item, '');
  switch (change.kind) {
    case 'change':
      return <BeforeAfter before={change.before} after={change.after} />;
    case 'values':
      return <ValueLine values={change.values} />;
    case 'words':
      return <span className="sm t2">{change.words}</span>;
  }
}

export const itemColumns: readonly Column<PlanItem>[] = [
  {
    id: 'time',
    head: 'Time',
    width: '120px',
    rank: 2,
    cell: (item) => <span className="v t2">{item.doneAt === undefined ? '' : preciseTime(item.doneAt)}</span>,
  },
  { id: 'what', head: 'What', width: '132px', cell: (item) => <ItemStatus item={item} /> },
  { id: 'record', head: 'Record', width: 'minmax(130px, 1.1fr)', cell: (item) => <span title={item.key.join(', ')}>{item.label}</span> },
  { id: 'endpoint', head: 'Endpoint', width: '100px', rank: 2, cell: (item) => <span className="t2 sm">{whereOf(item)}</span> },
  { id: 'field', head: 'Field', width: '112px', cell: (item) => <span className="t2 sm">{fieldWords(item, '')}</span> },
  { id: 'change', head: 'Before → after', width: 'minmax(180px, 2fr)', cell: (item) => <ItemChange item={item} /> },
  { id: 'why', head: 'Why', width: 'minmax(110px, 0.8fr)', rank: 3, cell: (item) => <span className="t2 sm">{item.because}</span> },
];
