// The simulator: a sync's own configuration against places that fail in every way, and which promises held.
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { SimulationSetting } from '../../../preload/contract/simulator.ts';
import { ask, useAsk, useTopic } from '../../api.ts';
import { useQuery } from '../../hash-location.ts';
import { useCrumbs } from '../../shell/crumbs.tsx';
import { useAction } from '../../use-action.ts';
import { ScreenBar } from '../../ui/bars.tsx';
import { Button } from '../../ui/button.tsx';
import { useKeys } from '../../ui/keys.tsx';
import { FoldButton, Panel, useFold } from '../../ui/panel.tsx';
import { Progress } from '../../ui/progress.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { Outcome } from './outcome.tsx';
import { problemOf, Setting } from './setting.tsx';
import './simulator.css';

const first: SimulationSetting = { sync: '', faults: [], seed: 1, histories: 100, rows: 10, sample: false };

export function SimulatorScreen(): ReactNode {
  useCrumbs([{ title: 'Simulator' }]);
  const [asked] = useQuery('sync');
  const syncs = useAsk('syncs.list', {}).data ?? [];
  const faults = useAsk('simulator.faults', {}).data ?? [];
  const simulation = useTopic('simulation');
  const [changed, setChanged] = useState<Partial<SimulationSetting>>({});
  const fold = useFold();
  const setting: SimulationSetting = {
    ...first,
    sync: asked === '' ? (syncs[0]?.id ?? '') : asked,
    faults: faults.map(({ fault }) => fault),
    ...simulation?.setting,
    ...changed,
  };
  const isRunning = simulation?.status === 'running';
  const wrong = problemOf(setting);
  const [run, isStarting] = useAction(async () => {
    if (wrong === undefined) await ask('simulator.start', setting);
  });
  const [cancel, isCancelling] = useAction(async () => {
    await ask('simulator.cancel', {});
  });
  useKeys('Simulator', [{ keys: 'r', label: 'run', hint: true, run }], { active: !isRunning });
  return (
    <>
      <ScreenBar
        title="Simulator"
        actions={
          <>
            <Button
              kind="primary"
              small
              icon="play"
              keys="r"
              busy={isStarting}
              disabledBecause={isRunning ? 'A simulation is under way' : wrong}
              onPress={run}
            >
              Run
            </Button>
            <FoldButton fold={fold} label="Setting" />
          </>
        }
      >
        <span className="t2 sm clip">Tries a sync on places in memory. Nothing real is written.</span>
      </ScreenBar>
      {isRunning ? (
        <Progress
          phase="Living histories"
          done={simulation.lived}
          total={simulation.setting?.histories}
          perSecond={0}
          cancel={
            <Button
              small
              kind="quiet"
              busy={isCancelling}
              onPress={cancel}
              title="Stops after the history under way and reports what was lived"
            >
              {isCancelling ? 'Cancelling' : 'Cancel'}
            </Button>
          }
        />
      ) : null}
      <div className="simulator">
        <section className="scroll simulator__outcome" aria-label="Result" aria-busy={isRunning}>
          {simulation?.problem === undefined ? null : <ErrorState problem={simulation.problem} onRetry={run} />}
          {simulation?.report === undefined ? null : <Outcome report={simulation.report} />}
          {simulation?.status === 'none' || (isRunning && simulation.report === undefined) ? (
            <EmptyState title={isRunning ? 'The first histories are being lived' : 'See what your rules do when everything goes wrong'}>
              A simulation takes the mappings, rules and limits of a sync, puts every place into memory, and lives histories: people edit,
              runs come and die, connections break. Then it looks whether anything was lost, doubled or invented, and whether all places
              agree.
            </EmptyState>
          ) : null}
        </section>
        <Panel label="Setting" fold={fold}>
          <Setting
            setting={setting}
            syncs={syncs}
            faults={faults}
            isLocked={isRunning}
            onChange={(change) => setChanged((was) => ({ ...was, ...change }))}
          />
        </Panel>
      </div>
    </>
  );
}
