// The plan: what would happen if it were approved, row by row, and the approval of all or some of it.
import { useCallback, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { Link, useParams } from 'wouter';
import type { Plan, PlanItem } from '../../../preload/contract/runs.ts';
import { ask, asProblem, useAsk, usePagedAsk } from '../../api.ts';
import { go, useQuery } from '../../hash-location.ts';
import { ActionBar, Notice, ScreenBar } from '../../ui/bars.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Facet } from '../../ui/facet.tsx';
import { count, counted, dateTime, shortHash } from '../../ui/format.ts';
import { Figure } from '../../ui/figure.tsx';
import { useKeys } from '../../ui/keys.tsx';
import { FoldButton, Panel, useFold } from '../../ui/panel.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Select } from '../../ui/select.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx';
import { Badge } from '../../ui/status.tsx';
import { useToast } from '../../ui/toast.tsx';
import { VirtualTable } from '../../ui/virtual-table.tsx';
import { approveRefusal, isWrite, itemsOf, kinds, leadField, writesOf } from './items.ts';
import { planColumns } from './plan-columns.tsx';
import { PlanDetail } from './plan-detail.tsx';
import { approve, itemsInput, writeIds } from './plan-requests.ts';
import type { PlanFilter } from './plan-requests.ts';
import { PlanSummary } from './plan-summary.tsx';
import { UndoNotice } from './undo-notice.tsx';
import { useSelection } from './use-selection.ts';
import { useCrumbs } from '../../shell/crumbs.tsx';
import { WorkBar } from '../../shell/work-bar.tsx';
import { useAction } from '../../use-action.ts';
import { useStartRun, useWork } from '../../use-run.ts';
import './plan.css';

export function PlanScreen(): ReactNode {
  const params = useParams<{ readonly id: string }>();
  const id = Number(params.id);
  const plan = useAsk('plans.get', { plan: id });
  if (plan.problem !== undefined) return <ErrorState problem={plan.problem} onRetry={plan.again} />;
  if (plan.data === undefined || plan.data.id !== id) return <SkeletonRows />;
  return <PlanView key={id} plan={plan.data} />;
}

/** Filters live in the route, so that back brings them back. */
function useFilter(): { filter: PlanFilter; set: (change: Partial<PlanFilter>) => void } {
  const [kind, setKind] = useQuery('kind');
  const [text, setText] = useQuery('text');
  const [field, setField] = useQuery('field');
  const [endpoint, setEndpoint] = useQuery('endpoint');
  const set = (change: Partial<PlanFilter>): void => {
    if (change.kind !== undefined) setKind(change.kind);
    if (change.text !== undefined) setText(change.text);
    if (change.field !== undefined) setField(change.field);
    if (change.endpoint !== undefined) setEndpoint(change.endpoint);
  };
  return { filter: { kind, text, field, endpoint }, set };
}

function PlanView({ plan }: { readonly plan: Plan }): ReactNode {
  const toast = useToast();
  const fold = useFold();
  const { filter, set } = useFilter();
  const [selected, setSelected] = useState(0);
  const sync = useAsk('syncs.get', { id: plan.sync });
  const working = useWork(plan.sync);
  const starter = useStartRun();
  useCrumbs([
    { title: 'Syncs', path: '/syncs' },
    { title: plan.title, path: `/syncs/${encodeURIComponent(plan.sync)}` },
    { title: 'Plan' },
  ]);
  const { kind, text, field, endpoint } = filter;
  const load = useCallback(
    (offset: number, limit: number) => ask('plans.items', itemsInput(plan.id, { kind, text, field, endpoint }, offset, limit)),
    [plan.id, kind, text, field, endpoint],
  );
  const source = usePagedAsk<PlanItem>(JSON.stringify([plan.id, filter]), load);
  const writes = writesOf(plan.together);
  const isFiltered = filter.kind !== '' || filter.text !== '' || filter.field !== '' || filter.endpoint !== '';
  const fail = (error: unknown): void => {
    const problem = asProblem(error);
    toast({ message: `${problem.message} ${problem.remedy}`, icon: 'failed', tone: 'failed' });
  };
  const ticks = useSelection({ writes, listed: isFiltered ? () => writeIds(plan.id, filter) : undefined, at: source.at, onFail: fail });
  const item = source.at(selected);
  const refusal = approveRefusal(ticks.ticked, writes);

  const change = (next: Partial<PlanFilter>): void => {
    set(next);
    setSelected(0);
  };
  const [start, isApproving] = useAction(async () => {
    if (refusal === undefined) go(`/runs/${await approve(plan.sync, plan.id, ticks.selection)}`);
  });
  const [exportPlan, isExporting] = useAction(async () => {
    const { path } = await ask('shell.chooseFileToSave', { title: 'Export plan', suggested: `${plan.sync}-plan-${plan.id}.json` });
    if (path === undefined) return;
    const { operations } = await ask('plans.export', { plan: plan.id, path });
    toast({ message: `Plan with ${counted(operations, 'operation')} written to ${path}`, icon: 'ok', tone: 'insync' });
  });
  const onlyThisField = (): void => {
    const field = item === undefined ? undefined : leadField(item, filter.field);
    if (field !== undefined) change({ field: filter.field === field ? '' : field });
  };
  useKeys('Plan', [
    { keys: 'Space', label: 'tick', hint: true, run: () => item !== undefined && isWrite(item.kind) && ticks.toggleAt(item, selected) },
    {
      keys: 'Shift+Space',
      label: 'tick from the last ticked',
      run: () => item !== undefined && isWrite(item.kind) && ticks.extendTo(item, selected),
    },
    { keys: 'f', label: 'only this field', hint: 'optional', run: onlyThisField },
    { keys: 'x', label: 'export', hint: 'optional', run: exportPlan },
    { keys: '$mod+Enter', label: 'approve', inFields: true, run: start },
  ]);

  const columns = useMemo(
    () => planColumns({ field: filter.field, head: ticks.head, onHead: ticks.setAll, isTicked: ticks.isTicked, onTick: ticks.click }),
    [filter.field, ticks],
  );
  const fields = sync.data?.rules.map((rule) => rule.field) ?? [];
  return (
    <>
      <ScreenBar
        title="Plan"
        actions={
          <>
            <Button small icon="download" className="hide-s" keys="x" busy={isExporting} onPress={exportPlan}>
              Export plan
            </Button>
            {plan.undo === undefined ? (
              <Button
                small
                kind="quiet"
                className="hide-s"
                busy={starter.starting !== undefined}
                onPress={() => starter.preview(plan.sync)}
              >
                Plan again
              </Button>
            ) : null}
            <FoldButton fold={fold} label="Operation" />
          </>
        }
      >
        <Badge>{plan.undo === undefined ? 'Preview, nothing written' : 'Undo, nothing written yet'}</Badge>
        <span className="v t3 hide-s" title={`${plan.hash}: over configuration, state and expected values`}>
          plan {shortHash(plan.hash)}
        </span>
        <IconButton
          icon="copy"
          label="Copy the hash"
          small
          className="hide-s"
          onPress={() => {
            navigator.clipboard.writeText(plan.hash).catch(fail);
          }}
        />
        <span className="xs t3 hide-m">
          made {dateTime(plan.madeAt)} · revision r{plan.revision}
        </span>
      </ScreenBar>
      {working === undefined ? null : <WorkBar work={working} />}
      <PlanSummary plan={plan} filtered={filter} onFilter={(kind, endpoint) => change({ kind, endpoint })} />
      {plan.undo === undefined ? null : <UndoNotice undo={plan.undo} />}
      <PlanNotice plan={plan} onLook={() => change({ kind: 'withheld', endpoint: '', field: '', text: '' })} />
      <div className="toolbar plan-filters">
        <SearchField label="Filter" width={160} value={filter.text} onChange={(text) => change({ text })} />
        <Facet pressed={filter.kind === ''} count={itemsOf(plan.together)} onPress={() => change({ kind: '', endpoint: '' })}>
          All
        </Facet>
        {kinds.map((words, index) => (
          <Facet
            key={words.kind}
            pressed={filter.kind === words.kind}
            count={plan.together[words.kind]}
            className={index > 3 ? 'hide-m' : index > 1 ? 'hide-s' : ''}
            onPress={() => change({ kind: filter.kind === words.kind ? '' : words.kind })}
          >
            {words.many}
          </Facet>
        ))}
        <span className="grow" />
        {source.total === undefined || (filter.text === '' && filter.field === '') ? null : (
          <output className="hint num nowrap">
            {count(source.total)} found{source.isSearching ? ' so far' : ''}
          </output>
        )}
        {filter.endpoint === '' ? null : (
          <Facet pressed icon="x" onPress={() => change({ endpoint: '' })}>
            {filter.endpoint}
          </Facet>
        )}
        <Select
          quiet
          label="Field"
          value={filter.field}
          onChange={(field) => change({ field })}
          options={[{ value: '', label: 'Field: any' }, ...fields.map((field) => ({ value: field, label: `Field: ${field}` }))]}
        />
      </div>
      <div className="plan-work">
        <div className="pane">
          <VirtualTable
            label="Operations"
            columns={columns}
            source={source}
            selected={selected}
            onSelect={setSelected}
            onOpen={() => (fold.open ? fold.close() : fold.toggle())}
            takesFocus
            onRetry={source.again}
            empty={
              <NothingListed
                isFiltered={isFiltered}
                sync={plan.sync}
                onAll={() => change({ kind: '', text: '', field: '', endpoint: '' })}
              />
            }
          />
          <ActionBar>
            <Button kind="primary" keys="$mod+Enter" disabledBecause={refusal} busy={isApproving} onPress={start}>
              {isApproving ? 'Approving' : `Approve ${counted(ticks.ticked, 'operation')}`}
            </Button>
            <span className="grow" />
            <span className="hint">
              {refusal ??
                (ticks.ticked === writes
                  ? 'At most this is written; a row that moved since is left for the next plan'
                  : `${count(writes - ticks.ticked)} of ${counted(writes, 'write')} unticked · at most this is written`)}
            </span>
          </ActionBar>
        </div>
        <Panel label="Operation" fold={fold}>
          {item === undefined ? null : (
            <PlanDetail
              item={item}
              conflictsLink={
                <Link className="link sm" href={`/conflicts?sync=${encodeURIComponent(plan.sync)}`}>
                  Go to the conflicts
                </Link>
              }
            />
          )}
        </Panel>
      </div>
    </>
  );
}

/** The worst that the plan has to say, on one line. */
function PlanNotice({ plan, onLook }: { readonly plan: Plan; readonly onLook: () => void }): ReactNode {
  const incomplete = Object.entries(plan.complete)
    .filter(([, complete]) => !complete)
    .map(([endpoint]) => endpoint);
  const [first, ...rest] = plan.notices;
  if (incomplete.length === 0 && first === undefined && plan.together.withheld === 0) return null;
  const what =
    plan.together.withheld > 0
      ? `${counted(plan.together.withheld, 'operation')} withheld.`
      : incomplete.length > 0
        ? `The read of ${incomplete.join(', ')} was not complete.`
        : first;
  const more = plan.together.withheld > 0 || incomplete.length > 0 ? plan.notices : rest;
  const consequence =
    more.length > 0
      ? more.join(' ')
      : plan.together.withheld > 0
        ? 'Creates and updates go on.'
        : incomplete.length > 0
          ? 'Nothing that is missing there counts as deleted.'
          : '';
  return (
    <Notice
      tone="held"
      icon={plan.together.withheld > 0 ? 'held' : 'warn'}
      what={what}
      action={
        plan.together.withheld === 0 ? undefined : (
          <Figure link onPress={onLook}>
            Look at the {count(plan.together.withheld)}
          </Figure>
        )
      }
    >
      {consequence}
    </Notice>
  );
}

function NothingListed({
  isFiltered,
  sync,
  onAll,
}: {
  readonly isFiltered: boolean;
  readonly sync: string;
  readonly onAll: () => void;
}): ReactNode {
  if (isFiltered) {
    return (
      <EmptyState title="No operation matches the filter" action={<Button onPress={onAll}>Show all</Button>}>
        The numbers above count the whole plan.
      </EmptyState>
    );
  }
  return (
    <EmptyState title="Nothing to do" action={<Button onPress={() => go(`/syncs/${encodeURIComponent(sync)}`)}>Back to the sync</Button>}>
      Every endpoint already holds what it should. A plan lists what would be written; change something at an endpoint and plan again to see
      it here.
    </EmptyState>
  );
}
