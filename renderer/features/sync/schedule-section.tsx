// When the sync runs by itself: in words, the next start, and stopping it for a while.
import type { ReactNode } from 'react';
import type { ScheduleView } from '../../../preload/contract/workspace.ts';
import { ask } from '../../api.ts';
import { scheduleState } from '../../shell/words.ts';
import { useAction } from '../../use-action.ts';
import { Button } from '../../ui/button.tsx';
import { capital, dateTime } from '../../ui/format.ts';
import { KeyValues, Section } from '../../ui/panel.tsx';
import { Status } from '../../ui/status.tsx';
import type { SyncDetail } from './diagram.tsx';

export function ScheduleSection({ sync }: { readonly sync: Pick<SyncDetail, 'id' | 'schedule'> }): ReactNode {
  const { schedule } = sync;
  return (
    <Section title="Schedule">
      {schedule === undefined ? (
        <p className="t2 sm">
          It runs when somebody starts it. A schedule stands in its file: <span className="v">{'schedule: { every: 15m }'}</span>
        </p>
      ) : (
        <Scheduled sync={sync.id} schedule={schedule} />
      )}
    </Section>
  );
}

function Scheduled({ sync, schedule }: { readonly sync: string; readonly schedule: ScheduleView }): ReactNode {
  const { words, paused, next, nextFull, nextVerify } = schedule;
  const [toggle, isBusy] = useAction(async () => {
    await ask('schedules.pause', { sync, paused: !paused });
  });
  const state = scheduleState(schedule);
  return (
    <>
      <p className="row schedule">
        <b className="med">{capital(words)}</b>
        <Status icon={state.icon} tone={state.tone}>
          {state.word}
        </Status>
        <Button small icon={paused ? 'play' : 'pause'} busy={isBusy} onPress={toggle}>
          {paused ? 'Resume' : 'Pause'}
        </Button>
      </p>
      <KeyValues
        rows={[
          ['Next run', paused ? 'none while it is paused' : next === undefined ? 'when its trigger comes' : dateTime(next)],
          ...(nextFull === undefined ? [] : [['Next run that reads everything', dateTime(nextFull)] as const]),
          ...(nextVerify === undefined ? [] : [['Next comparison of all places', dateTime(nextVerify)] as const]),
          ['Runs while', 'this window is open, or kanto watch runs; what was missed is caught up once'],
        ]}
      />
    </>
  );
}
