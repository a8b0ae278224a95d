// What is inside a connection: every table, sheet or file by search, and the columns and first rows of one.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useParams } from 'wouter';
import type { CallOutput } from '../../../preload/contract/index.ts';
import { useQuery } from '../../hash-location.ts';
import { useCrumbs } from '../../shell/crumbs.tsx';
import { ScreenBar } from '../../ui/bars.tsx';
import { Button } from '../../ui/button.tsx';
import { count } from '../../ui/format.ts';
import { useRows } from '../../ui/paged.ts';
import { SearchField } from '../../ui/search-field.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { Badge } from '../../ui/status.tsx';
import { VirtualTable } from '../../ui/virtual-table.tsx';
import type { Column } from '../../ui/virtual-table.tsx';
import { DatasetView } from './dataset-view.tsx';
import { useAskedOnce } from './use-asked-once.ts';
import './datasets.css';

type Dataset = CallOutput<'connections.datasets'>[number];

const columns: readonly Column<Dataset>[] = [
  {
    id: 'name',
    head: 'Name',
    width: 'minmax(120px, 1fr)',
    cell: ({ name }) => (
      <span className="v" title={name}>
        {name}
      </span>
    ),
  },
  { id: 'kind', head: 'Kind', width: '72px', cell: ({ kind }) => <span className="t2 sm">{kind}</span> },
];

export function DatasetsScreen(): ReactNode {
  const { id } = useParams<{ readonly id: string }>();
  useCrumbs([{ title: 'Connections', path: '/connections' }, { title: id }]);
  const [text, setText] = useQuery('text');
  const [chosen, setChosen] = useQuery('dataset');
  const [at, setAt] = useState(0);
  const asked = useAskedOnce('connections.datasets', { id });
  const wanted = text.trim().toLowerCase();
  const shown = asked.data?.filter(({ name }) => name.toLowerCase().includes(wanted));
  const source = useRows(shown);
  const found = shown?.findIndex(({ name }) => name === chosen) ?? -1;
  const selected = found >= 0 ? found : Math.min(at, Math.max(0, (shown?.length ?? 1) - 1));
  const current = shown?.[selected];
  const select = (index: number): void => {
    setAt(index);
    setChosen(shown?.[index]?.name ?? '');
  };
  const search = (next: string): void => {
    setAt(0);
    setText(next);
  };
  const look = useAskedOnce('connections.look', current === undefined ? null : { id, dataset: current.name });
  if (asked.problem !== undefined) return <ErrorState problem={asked.problem} onRetry={asked.again} />;
  return (
    <>
      <ScreenBar
        title={id}
        actions={
          <Button small icon="retry" onPress={look.again} disabledBecause={current === undefined ? 'Nothing is chosen' : undefined}>
            Read again
          </Button>
        }
      >
        {shown === undefined || asked.data === undefined ? null : (
          <Badge>
            {shown.length === asked.data.length ? count(shown.length) : `${count(shown.length)} of ${count(asked.data.length)}`}
          </Badge>
        )}
        <span className="vr" />
        <SearchField label="Name" value={text} onChange={search} />
      </ScreenBar>
      <div className="datasets">
        <div className="datasets__list">
          <VirtualTable
            label="Datasets"
            columns={columns}
            source={source}
            selected={selected}
            onSelect={select}
            takesFocus
            empty={
              asked.data?.length === 0 ? (
                <EmptyState title="Nothing is in it">This user sees no table or sheet here.</EmptyState>
              ) : (
                <EmptyState title="No name is like this" action={<Button onPress={() => setText('')}>Show all</Button>}>
                  Take the filter away to see more.
                </EmptyState>
              )
            }
          />
        </div>
        <DatasetView dataset={current?.name} look={look} />
      </div>
    </>
  );
}
