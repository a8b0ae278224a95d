// One sync: is it right? Its diagram, live progress, and tabs for what it does and did.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useParams } from 'wouter';
import { useAsk } from '../../api.ts';
import { go } from '../../hash-location.ts';
import { useCrumbs } from '../../shell/crumbs.tsx';
import { WorkBar } from '../../shell/work-bar.tsx';
import { runWordOf } from '../../shell/words.ts';
import { ScreenBar } from '../../ui/bars.tsx';
import { Button } from '../../ui/button.tsx';
import { age, counted } from '../../ui/format.ts';
import { useKeys } from '../../ui/keys.tsx';
import { FoldButton, useFold } from '../../ui/panel.tsx';
import { ErrorState, SkeletonRows } from '../../ui/states.tsx';
import { Status } from '../../ui/status.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { useNow } from '../../ui/use-now.ts';
import { useStartRun, useWork } from '../../use-run.ts';
import { ConflictsTab } from './conflicts-tab.tsx';
import { Diagram } from './diagram.tsx';
import type { SyncDetail } from './diagram.tsx';
import { LimitsTab } from './limits-tab.tsx';
import { RevisionsTab } from './revisions-tab.tsx';
import { RulesTab } from './rules-tab.tsx';
import { RunsTab } from './runs-tab.tsx';
import { VerifyDialog } from './verify-dialog.tsx';
import './sync.css';

export function SyncScreen(): ReactNode {
  const { id = '', tab = 'rules' } = useParams();
  const asked = useAsk('syncs.get', { id });
  const sync = asked.data;
  useCrumbs([{ title: 'Syncs', path: '/syncs' }, { title: sync?.title ?? id }]);
  if (sync === undefined)
    return asked.problem === undefined ? <SkeletonRows /> : <ErrorState problem={asked.problem} onRetry={asked.again} />;
  return <SyncView key={id} sync={sync} tab={tab} />;
}

function SyncView({ sync, tab }: { readonly sync: SyncDetail; readonly tab: string }): ReactNode {
  const now = useNow();
  const fold = useFold();
  const work = useWork(sync.id);
  const [isVerifying, setVerifying] = useState(false);
  const { run, preview, starting } = useStartRun();
  const isBusy = work !== undefined || starting !== undefined;
  const because = work === undefined ? undefined : 'It is running already';
  useKeys(
    'Sync',
    [
      { keys: 'p', label: 'preview', hint: true, run: () => preview(sync.id) },
      { keys: 'r', label: 'run', hint: true, run: () => run(sync.id) },
      { keys: 'v', label: 'verify', hint: 'optional', run: () => setVerifying(true) },
      { keys: 'm', label: 'mapping', hint: 'optional', run: () => go(`/syncs/${sync.id}/mapping`) },
    ],
    { active: !isBusy },
  );
  const status = work === undefined && sync.lastRun !== undefined ? runWordOf(sync.lastRun) : undefined;
  const facts = [
    sync.lastRun === undefined ? 'not run yet' : lastRunWords(sync.lastRun.at, now),
    sync.owner === '' ? '' : `owner ${sync.owner}`,
    sync.match.length === 0 ? '' : `matched by ${sync.match.join(', ')}`,
  ];
  return (
    <>
      <ScreenBar
        title={sync.title}
        actions={
          <>
            <Button
              small
              kind="quiet"
              className="hide-s"
              keys="v"
              disabledBecause={because}
              onPress={() => setVerifying(true)}
              title="Compares all endpoints, writes nothing"
            >
              Verify
            </Button>
            <Button
              small
              keys="p"
              busy={starting?.kind === 'plan'}
              disabledBecause={because}
              onPress={() => preview(sync.id)}
              title="Reads, decides, writes nothing"
            >
              {starting?.kind === 'plan' ? 'Planning' : 'Preview'}
            </Button>
            <Button small kind="primary" keys="r" busy={starting?.kind === 'run'} disabledBecause={because} onPress={() => run(sync.id)}>
              {starting?.kind === 'run' ? 'Starting' : 'Run'}
            </Button>
            {tab === 'rules' ? <FoldButton fold={fold} label="Facts" /> : null}
          </>
        }
      >
        {work !== undefined ? (
          <Status icon="running" tone="idle">
            {work.kind === 'plan' ? 'Planning' : 'Running'}
          </Status>
        ) : status === undefined ? null : (
          <Status icon={status.icon} tone={status.tone}>
            {status.word}
          </Status>
        )}
        <span className="t3 sm hide-m clip">{facts.filter((fact) => fact !== '').join(' · ')}</span>
      </ScreenBar>
      {work === undefined ? null : <WorkBar work={work} />}
      <Diagram sync={sync} />
      <Tabs
        label="Parts of the sync"
        value={tab}
        onChange={(next) => go(`/syncs/${sync.id}/${next}`, { replace: next !== 'mapping' })}
        tabs={[
          { id: 'mapping', label: 'Mapping', count: sync.rules.length },
          { id: 'rules', label: 'Rules', count: sync.rules.length },
          { id: 'limits', label: 'Limits and schedule', count: sync.limits.length },
          { id: 'runs', label: 'Runs', count: sync.runs },
          { id: 'conflicts', label: 'Conflicts', count: sync.conflicts },
          { id: 'revisions', label: 'Revisions', count: sync.revisions.length },
        ]}
      >
        <TabBody sync={sync} tab={tab} fold={fold} now={now} />
      </Tabs>
      {isVerifying ? <VerifyDialog sync={sync.id} title={sync.title} onClose={() => setVerifying(false)} /> : null}
      <output className="sr">{work === undefined ? counted(sync.conflicts, 'open conflict') : ''}</output>
    </>
  );
}

function lastRunWords(at: number, now: number): string {
  const ago = age(at, now);
  return ago === 'now' ? 'last run just now' : `last run ${ago} ago`;
}

function TabBody({
  sync,
  tab,
  fold,
  now,
}: {
  readonly sync: SyncDetail;
  readonly tab: string;
  readonly fold: ReturnType<typeof useFold>;
  readonly now: number;
}): ReactNode {
  switch (tab) {
    case 'limits':
      return <LimitsTab sync={sync} />;
    case 'runs':
      return <RunsTab sync={sync.id} now={now} />;
    case 'conflicts':
      return <ConflictsTab sync={sync.id} now={now} />;
    case 'revisions':
      return <RevisionsTab sync={sync} now={now} />;
    default:
      return <RulesTab sync={sync} fold={fold} />;
  }
}
