// The registry of syncs: which are there, how they do, and Run or Preview from the row.
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { SyncSummary } from '../../../preload/contract/workspace.ts';
import { useAsk } from '../../api.ts';
import { go, useQuery } from '../../hash-location.ts';
import { useCrumbs } from '../../shell/crumbs.tsx';
import { WorkBar } from '../../shell/work-bar.tsx';
import { ActionBar, ScreenBar } from '../../ui/bars.tsx';
import { Button } from '../../ui/button.tsx';
import { Facet } from '../../ui/facet.tsx';
import { useKeys } from '../../ui/keys.tsx';
import { useRows } from '../../ui/paged.ts';
import { SearchField } from '../../ui/search-field.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { Badge } from '../../ui/status.tsx';
import { useNow } from '../../ui/use-now.ts';
import { VirtualTable } from '../../ui/virtual-table.tsx';
import { useApplyFolder } from '../../use-apply-folder.ts';
import { useStartRun, useWork } from '../../use-run.ts';
import { matches, needsPerson } from './sync-filter.ts';
import { syncColumns } from './sync-columns.tsx';
import './syncs.css';

export function SyncsScreen(): ReactNode {
  useCrumbs([{ title: 'Syncs' }]);
  const now = useNow();
  const [text, setText] = useQuery('text');
  const [show, setShow] = useQuery('show');
  const [selected, setSelected] = useState(0);
  const asked = useAsk('syncs.list', {});
  const { run, preview, starting } = useStartRun();
  const all = asked.data;
  const shown = all?.filter((sync) => matches(sync, text) && (show !== 'needs' || needsPerson(sync)));
  const source = useRows(shown);
  const current: SyncSummary | undefined = shown?.[Math.min(selected, shown.length - 1)];
  const work = useWork(current?.id);
  const needing = all?.filter(needsPerson).length;
  const [applyFolder, isApplying] = useApplyFolder();
  useKeys('Configuration', [{ keys: 'o', label: 'open a configuration', run: applyFolder }]);
  useKeys(
    'Syncs',
    [
      { keys: 'p', label: 'preview', hint: true, run: () => (current === undefined ? undefined : preview(current.id)) },
      { keys: 'r', label: 'run', hint: true, run: () => (current === undefined ? undefined : run(current.id)) },
    ],
    { active: current !== undefined },
  );
  if (asked.problem !== undefined && all === undefined) return <ErrorState problem={asked.problem} onRetry={asked.again} />;
  return (
    <>
      <ScreenBar
        title="Syncs"
        actions={
          <Button small icon="branch" className="hide-m" busy={isApplying} keys="o" onPress={applyFolder}>
            {isApplying ? 'Opening' : 'Open a configuration'}
          </Button>
        }
      >
        {all === undefined ? null : <Badge>{all.length}</Badge>}
        <span className="vr" />
        <SearchField label="Name, endpoint, owner" value={text} onChange={setText} />
        <Facet count={all?.length} pressed={show !== 'needs'} onPress={() => setShow('')}>
          All
        </Facet>
        <Facet count={needing} pressed={show === 'needs'} onPress={() => setShow('needs')}>
          Needs you
        </Facet>
      </ScreenBar>
      <VirtualTable
        label="Syncs"
        columns={syncColumns({ now, run, preview })}
        source={source}
        selected={Math.min(selected, Math.max(0, (shown?.length ?? 1) - 1))}
        onSelect={setSelected}
        onOpen={(sync) => go(`/syncs/${sync.id}`)}
        takesFocus
        empty={
          <EmptyState title="No sync is like this" action={<Button onPress={() => go('/syncs', { replace: true })}>Show all syncs</Button>}>
            Take a filter away to see more.
          </EmptyState>
        }
      />
      {work === undefined ? null : <WorkBar work={work} />}
      {current === undefined ? null : (
        <ActionBar label={current.title}>
          <b className="strong">{current.title}</b>
          <span className="t2 sm clip">
            {current.lastRun === undefined
              ? 'Has not run yet. Preview shows what a run would do and writes nothing.'
              : `Last run: ${current.lastRun.summary}`}
          </span>
          <span className="grow" />
          <Button
            keys="p"
            busy={starting?.kind === 'plan'}
            disabledBecause={work === undefined ? undefined : 'It is running already'}
            onPress={() => preview(current.id)}
          >
            {starting?.kind === 'plan' ? 'Planning' : 'Preview'}
          </Button>
          <Button
            keys="r"
            busy={starting?.kind === 'run'}
            disabledBecause={work === undefined ? undefined : 'It is running already'}
            onPress={() => run(current.id)}
          >
            {starting?.kind === 'run' ? 'Starting' : 'Run'}
          </Button>
        </ActionBar>
      )}
    </>
  );
}
