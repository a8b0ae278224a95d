// What happened: every run, newest first.
import { useCallback, useState } from 'react';
import type { ReactNode } from 'react';
import type { RunStatus } from '../../../preload/contract/values.ts';
import { ask, useAsk, usePagedAsk } from '../../api.ts';
import { go, useQuery } from '../../hash-location.ts';
import { useCrumbs } from '../../shell/crumbs.tsx';
import { ScreenBar } from '../../ui/bars.tsx';
import { Button } from '../../ui/button.tsx';
import { Facet } from '../../ui/facet.tsx';
import { count } from '../../ui/format.ts';
import { SearchField } from '../../ui/search-field.tsx';
import { Select } from '../../ui/select.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { Badge } from '../../ui/status.tsx';
import { useNow } from '../../ui/use-now.ts';
import { VirtualTable } from '../../ui/virtual-table.tsx';
import { useOpenPlan } from '../../use-open-plan.ts';
import { runColumns } from './run-columns.tsx';

const facets: readonly { readonly status: RunStatus | ''; readonly title: string }[] = [
  { status: '', title: 'All' },
  { status: 'complete', title: 'Complete' },
  { status: 'partial', title: 'Partial' },
  { status: 'withheld', title: 'Withheld' },
  { status: 'failed', title: 'Failed' },
];

function isRunStatus(text: string): text is RunStatus {
  return facets.some(({ status }) => status === text && text !== '');
}

export function RunsScreen(): ReactNode {
  useCrumbs([{ title: 'Runs' }]);
  const now = useNow();
  const [status, setStatus] = useQuery('status');
  const [text, setText] = useQuery('text');
  const [sync, setSync] = useQuery('sync');
  const [selected, setSelected] = useState(0);
  const [openPlan, isOpening] = useOpenPlan();
  const syncs = useAsk('syncs.list', {}).data ?? [];
  const load = useCallback(
    async (offset: number, limit: number) => {
      const { total, runs } = await ask('runs.list', {
        offset,
        limit,
        ...(isRunStatus(status) ? { status } : {}),
        ...(text === '' ? {} : { text }),
        ...(sync === '' ? {} : { sync }),
      });
      return { total, items: runs };
    },
    [status, text, sync],
  );
  const source = usePagedAsk(`runs ${status} ${sync} ${text}`, load);
  const isFiltered = status !== '' || text !== '' || sync !== '';
  return (
    <>
      <ScreenBar
        title="Runs"
        actions={
          <Button small icon="file" busy={isOpening} onPress={openPlan}>
            Open a plan
          </Button>
        }
      >
        {source.total === undefined ? null : <Badge>{count(source.total)}</Badge>}
        <span className="vr" />
        <SearchField label="Sync or outcome" value={text} onChange={setText} />
        {facets.map((facet) => (
          <Facet key={facet.title} pressed={status === facet.status} onPress={() => setStatus(facet.status)}>
            {facet.title}
          </Facet>
        ))}
        {syncs.length > 1 ? (
          <Select
            label="Sync"
            quiet
            value={sync}
            onChange={setSync}
            options={[{ value: '', label: 'Every sync' }, ...syncs.map(({ id, title }) => ({ value: id, label: title }))]}
          />
        ) : null}
      </ScreenBar>
      <VirtualTable
        label="Runs"
        columns={runColumns(now, true)}
        source={source}
        selected={selected}
        onSelect={setSelected}
        onOpen={(run) => go(`/runs/${run.id}`)}
        onRetry={source.again}
        takesFocus
        empty={
          isFiltered ? (
            <EmptyState title="No run is like this" action={<Button onPress={() => go('/runs', { replace: true })}>Show all runs</Button>}>
              Take a filter away to see more.
            </EmptyState>
          ) : (
            <EmptyState
              title="Nothing has run yet"
              action={
                <Button kind="primary" onPress={() => go('/syncs')}>
                  Open the syncs
                </Button>
              }
            >
              Each run of a sync is kept here: what it read, decided and wrote, value by value.
            </EmptyState>
          )
        }
      />
    </>
  );
}
