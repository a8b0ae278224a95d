// The review queue: which value is true? Left the queue, centre one record side by side, right the evidence.
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { useAsk } from '../../api.ts';
import { go } from '../../hash-location.ts';
import { useCrumbs } from '../../shell/crumbs.tsx';
import { Notice, ScreenBar } from '../../ui/bars.tsx';
import { Button } from '../../ui/button.tsx';
import { age, count, counted } from '../../ui/format.ts';
import { FoldButton, useFold } from '../../ui/panel.tsx';
import { QueuePanel } from '../../ui/queue-panel.tsx';
import { Select } from '../../ui/select.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx';
import { Badge } from '../../ui/status.tsx';
import { useToast } from '../../ui/toast.tsx';
import { useNow } from '../../ui/use-now.ts';
import { useStartRun } from '../../use-run.ts';
import { nextOpen } from './queue.ts';
import { ConflictEntry } from './conflict-entry.tsx';
import { RecordPane } from './record-pane.tsx';
import { useDecider } from './use-decider.ts';
import { useDetails } from './use-details.ts';
import { useQueue } from './use-queue.ts';
import './conflicts.css';

export function ConflictsScreen(): ReactNode {
  const toast = useToast();
  const now = useNow();
  const starter = useStartRun();
  const queueFold = useFold();
  const evidenceFold = useFold();
  const syncs = useAsk('syncs.list', {}).data ?? [];
  const again = useRef<() => void>(() => undefined);
  const decider = useDecider({
    onRefused: (label, field, why) => {
      toast({
        message: (
          <>
            <b className="med">{field === '' ? label : `${label}, ${field}`}</b> {why}
          </>
        ),
        icon: 'warn',
        tone: 'held',
      });
      again.current();
    },
  });
  const queue = useQueue(decider.isDecided);
  const { list, items, current } = queue;
  const after = nextOpen(items, current, decider.isDecided);
  const details = useDetails([current, after?.id].filter((id) => id !== undefined));
  again.current = details.again;
  const detail = details.of(current);
  const problem = details.problemOf(current);
  const title = syncs.find((sync) => sync.id === queue.filter.sync)?.title;
  useCrumbs([
    ...(title === undefined
      ? []
      : [
          { title: 'Syncs', path: '/syncs' },
          { title, path: `/syncs/${encodeURIComponent(queue.filter.sync)}` },
        ]),
    { title: 'Conflicts' },
  ]);

  const isGone = problem?.code === 'unknown-conflict' || (current !== undefined && queue.isSettled);
  useEffect(() => {
    if (isGone) queue.leave();
  });

  if (list.problem !== undefined) return <ErrorState problem={list.problem} onRetry={list.again} />;
  if (queue.data === undefined) return <SkeletonRows height={48} />;
  const { total, open, decidedToday } = queue.data;
  const hasFilter = queue.filter.text !== '' || queue.filter.field !== '' || queue.filter.sync !== '';
  if (total === 0 && !hasFilter) return <NothingContested decidedToday={decidedToday} />;

  const advance = (): void => {
    const next = nextOpen(items, current, decider.isDecided);
    if (next !== undefined) queue.open(next.id);
  };
  const isAllDecided = items.length > 0 && items.length >= total && items.every(decider.isDecided);
  const fields = [...new Set(items.flatMap((item) => (item.kind === 'fields' ? item.fields : [])))].sort();
  return (
    <>
      <ScreenBar
        title="Conflicts"
        actions={
          <>
            <span className="hint hide-m num">
              Today <b className="med">{count(decidedToday)}</b> decided
            </span>
            <FoldButton fold={evidenceFold} label="Evidence" />
          </>
        }
      >
        <FoldButton fold={queueFold} label="Queue" icon="filter" of="queue" />
        <Badge>{count(open)} open</Badge>
        <span className="vr" />
        <Select
          quiet
          label="Sync"
          value={queue.filter.sync}
          onChange={queue.setSync}
          options={[{ value: '', label: 'Sync: all' }, ...syncs.map((sync) => ({ value: sync.id, label: `Sync: ${sync.title}` }))]}
        />
        <Select
          quiet
          label="Field"
          value={queue.filter.field}
          onChange={queue.setField}
          options={[
            { value: '', label: 'Field: any' },
            ...[...new Set([...fields, queue.filter.field])]
              .filter((field) => field !== '')
              .map((field) => ({ value: field, label: `Field: ${field}` })),
          ]}
        />
      </ScreenBar>
      {isAllDecided ? (
        <Notice
          tone="accent"
          icon="ok"
          what={`All ${counted(items.length, 'conflict')} here ${items.length === 1 ? 'is' : 'are'} decided.`}
          action={<AfterAll sync={items[0]?.sync} isBusy={starter.starting !== undefined} onPreview={starter.preview} />}
        >
          The next run writes what you decided; until then it can be undone.
        </Notice>
      ) : null}
      <div className="conflicts">
        <QueuePanel
          layout={queue.layout}
          source={queue.source}
          rank={queue.rank}
          current={current}
          entry={(props) => <ConflictEntry {...props} isDone={decider.isDecided(props.item)} age={age(props.item.since, now)} />}
          text={queue.filter.text}
          onText={queue.setText}
          onFold={queue.fold}
          onOpen={(id, rank) => {
            queue.open(id, rank);
            queueFold.close();
            // The click left the focus on the entry, where Enter would open it again; the keys belong to the record.
            document.querySelector<HTMLElement>('[data-pane="compare"]')?.focus({ preventScroll: true });
          }}
          fold={queueFold}
        />
        {detail !== undefined && !isGone ? (
          <RecordPane
            detail={detail}
            items={items}
            groups={queue.data.groups}
            rank={queue.rank}
            decider={decider}
            fold={evidenceFold}
            onOpen={queue.open}
            onAdvance={advance}
          />
        ) : (
          <section className="pane" aria-label="Record">
            {problem !== undefined && !isGone ? (
              <ErrorState problem={problem} onRetry={details.again} />
            ) : items.length === 0 ? null : (
              <SkeletonRows height={48} />
            )}
          </section>
        )}
      </div>
    </>
  );
}

interface AfterAllProps {
  readonly sync: string | undefined;
  readonly isBusy: boolean;
  readonly onPreview: (sync: string) => void;
}

function AfterAll({ sync, isBusy, onPreview }: AfterAllProps): ReactNode {
  if (sync === undefined) return null;
  return (
    <Button small busy={isBusy} onPress={() => onPreview(sync)}>
      Preview the next run
    </Button>
  );
}

/** Teaches what the queue is for. */
function NothingContested({ decidedToday }: { readonly decidedToday: number }): ReactNode {
  return (
    <>
      <ScreenBar title="Conflicts">
        <Badge>0 open</Badge>
      </ScreenBar>
      <EmptyState title="Nothing waits for a decision" action={<Button onPress={() => go('/syncs')}>Go to the syncs</Button>}>
        {decidedToday > 0 ? `${counted(decidedToday, 'decision')} made today. ` : ''}
        When two places change the same field of a record differently and no rule can tell which is right, the field waits here: you see the
        last agreed value, what each place holds now, and pick one. The rest of the record keeps syncing.
      </EmptyState>
    </>
  );
}
