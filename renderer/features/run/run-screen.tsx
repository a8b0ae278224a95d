// One run: what happened. Phases on a time line, counts that open their rows, operations with before and after, log, verification.
import { useCallback, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { useParams, useSearch } from 'wouter';
import type { PlanItem } from '../../../preload/contract/runs.ts';
import { ask, useAsk } from '../../api.ts';
import { go } from '../../hash-location.ts';
import { useCrumbs } from '../../shell/crumbs.tsx';
import { isMoving, runWordOf } from '../../shell/words.ts';
import { WorkBar } from '../../shell/work-bar.tsx';
import { Notice, ScreenBar } from '../../ui/bars.tsx';
import { Button } from '../../ui/button.tsx';
import { count, counted, dateTime, duration, shortHash, timeOf } from '../../ui/format.ts';
import { useKeys } from '../../ui/keys.tsx';
import { FoldButton, useFold } from '../../ui/panel.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Select } from '../../ui/select.tsx';
import { ErrorState, SkeletonRows } from '../../ui/states.tsx';
import { Status } from '../../ui/status.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { useNow } from '../../ui/use-now.ts';
import { useAction } from '../../use-action.ts';
import { useWork } from '../../use-run.ts';
import { Operations } from './operations.tsx';
import { Phases } from './phases.tsx';
import { RunCounts } from './run-counts.tsx';
import { filterOf, searchOf } from './run-filter.ts';
import type { RunDetail, RunFilter } from './run-filter.ts';
import { RunLog } from './run-log.tsx';
import { RunPanel } from './run-panel.tsx';
import { UndoLinks } from './undo-links.tsx';
import { WithheldNotice } from './withheld-notice.tsx';
import './run.css';

export function RunScreen(): ReactNode {
  const { id = '', tab = 'operations' } = useParams();
  const asked = useAsk('runs.get', /^\d+$/.test(id) ? { run: Number(id) } : null);
  const run = asked.data;
  useCrumbs([
    { title: 'Runs', path: '/runs' },
    ...(run === undefined ? [] : [{ title: run.title, path: `/syncs/${run.sync}` }]),
    { title: `Run ${count(Number(id))}` },
  ]);
  if (run === undefined)
    return asked.problem === undefined ? <SkeletonRows /> : <ErrorState problem={asked.problem} onRetry={asked.again} />;
  return <RunView key={id} run={run} tab={tab} />;
}

function RunView({ run, tab }: { readonly run: RunDetail; readonly tab: string }): ReactNode {
  const search = useSearch();
  const filter = useMemo(() => filterOf(search), [search]);
  const [selected, setSelected] = useState(0);
  const [item, setItem] = useState<PlanItem | undefined>(undefined);
  const fold = useFold();
  const work = useWork(run.sync);
  const isMine = work?.run === run.id;
  const now = useNow(isMoving(run) ? 500 : 20_000);
  const show = (part: Partial<RunFilter>): void => {
    setSelected(0);
    setItem(undefined);
    go(`/runs/${run.id}${searchOf({ ...filter, ...part })}`, { replace: true });
  };
  const select = useCallback((index: number, row: PlanItem | undefined): void => {
    setSelected(index);
    setItem(row);
  }, []);
  const open = (other: number | undefined): void => (other === undefined ? undefined : go(`/runs/${other}`, { replace: true }));
  const [previewUndo, isUndoing] = useAction(async () => {
    const plan = await ask('plans.undo', { run: run.id });
    go(`/plans/${plan.id}`);
  });
  useKeys('Run', [
    { keys: '$mod+z', label: 'preview the undo', run: () => (run.undoRefusal === undefined ? previewUndo() : undefined) },
    { keys: '[', label: 'earlier, later run', shown: ['[', ']'], hint: 'optional', run: () => open(run.earlier) },
    { keys: ']', label: 'later run', unlisted: true, run: () => open(run.later) },
    { keys: 'l', label: 'log', hint: true, run: () => go(`/runs/${run.id}/${tab === 'log' ? 'operations' : 'log'}`, { replace: true }) },
    {
      keys: 'c',
      label: 'conflicts',
      hint: run.conflictsOpen > 0,
      run: () => go(`/conflicts?sync=${encodeURIComponent(run.sync)}`),
    },
  ]);
  const { word, icon, tone } = runWordOf(run);
  const took = run.finished === undefined ? '' : ` to ${timeOf(run.finished)} · ${duration(run.finished - run.started)}`;
  const total = useAsk('runs.items', { run: run.id, offset: 0, limit: 1 }).data?.total;
  return (
    <>
      <ScreenBar
        title={`Run ${count(run.id)}`}
        actions={
          <>
            {tab === 'log' ? null : (
              <>
                <SearchField
                  className="hide-s"
                  label="Record, value, key"
                  width={180}
                  value={filter.text}
                  onChange={(text) => show({ text })}
                />
                <span className="hide-s">
                  <Select
                    label="Endpoint"
                    quiet
                    value={filter.endpoint}
                    onChange={(endpoint) => show({ endpoint })}
                    options={[
                      { value: '', label: 'Every endpoint' },
                      ...Object.keys(run.byEndpoint).map((name) => ({ value: name, label: name })),
                    ]}
                  />
                </span>
              </>
            )}
            <Button
              small
              icon="undo"
              className="hide-s"
              keys="$mod+z"
              busy={isUndoing}
              disabledBecause={run.undoRefusal}
              onPress={previewUndo}
            >
              Undo run…
            </Button>
            {run.conflictsOpen === 0 ? null : (
              <Button small kind="primary" icon="conflict" keys="c" onPress={() => go(`/conflicts?sync=${encodeURIComponent(run.sync)}`)}>
                Review {counted(run.conflictsOpen, 'conflict')}
              </Button>
            )}
            <FoldButton fold={fold} label="Verification" />
          </>
        }
      >
        <Status icon={icon} tone={tone}>
          {word}
        </Status>
        <UndoLinks run={run} />
        <span className="t3 sm hide-m clip">
          {dateTime(run.started)}
          {took}
          {run.planHash === undefined ? null : (
            <>
              {' · plan '}
              <span className="v">{shortHash(run.planHash)}</span>
            </>
          )}
        </span>
      </ScreenBar>
      {isMine && work !== undefined ? <WorkBar work={work} /> : null}
      {run.problem === undefined ? null : (
        <Notice
          tone={run.status === 'failed' ? 'failed' : 'held'}
          icon={run.status === 'failed' ? 'failed' : 'warn'}
          what={run.problem.message}
        >
          {run.problem.remedy}
        </Notice>
      )}
      {run.problem === undefined && run.counts.withheld > 0 ? (
        <WithheldNotice run={run} onShow={() => show({ kind: 'withheld', state: '' })} />
      ) : null}
      {run.phases.length === 0 ? null : <Phases phases={run.phases} now={now} />}
      <RunCounts run={run} filter={filter} onFilter={show} />
      <Tabs
        label="Parts of the run"
        value={tab}
        onChange={(next) => go(`/runs/${run.id}/${next}`, { replace: true })}
        tabs={[
          { id: 'operations', label: 'Operations', count: total },
          { id: 'log', label: 'Log', count: run.logLines },
        ]}
      >
        {tab === 'log' ? (
          <RunLog run={run.id} />
        ) : (
          <div className="run__work">
            <Operations
              run={run.id}
              isMoving={isMoving(run)}
              filter={filter}
              selected={selected}
              onSelect={select}
              onOpen={fold.toggle}
              onClear={() => show({ kind: '', state: '', endpoint: '', text: '' })}
            />
            <RunPanel run={run} item={item} fold={fold} />
          </div>
        )}
      </Tabs>
    </>
  );
}
