// The columns of the registry of syncs.
import { Link } from 'wouter';
import type { SyncSummary } from '../../../preload/contract/workspace.ts';
import { IconButton } from '../../ui/button.tsx';
import { scheduleState } from '../../shell/words.ts';
import { age, count, dateTime } from '../../ui/format.ts';
import { Status } from '../../ui/status.tsx';
import type { Column } from '../../ui/virtual-table.tsx';
import { RunStatusWord } from '../runs/run-columns.tsx';
import { EndpointLine } from './endpoint-line.tsx';

export interface SyncActions {
  readonly now: number;
  readonly run: (sync: string) => void;
  readonly preview: (sync: string) => void;
}

export function syncColumns({ now, run, preview }: SyncActions): readonly Column<SyncSummary>[] {
  return [
    { id: 'name', head: 'Name', width: 'minmax(140px, 1fr)', cell: (sync) => <span className="med">{sync.title}</span> },
    { id: 'endpoints', head: 'Endpoints', width: 'minmax(220px, 2fr)', cell: (sync) => <EndpointLine endpoints={sync.endpoints} /> },
    {
      id: 'result',
      head: 'Last result',
      width: '122px',
      cell: (sync) => {
        if (sync.running !== undefined) return <RunStatusWord run={{ status: 'writing' }} />;
        return sync.lastRun === undefined ? (
          <Status icon="undecided" tone="idle">
            Not run
          </Status>
        ) : (
          <RunStatusWord run={sync.lastRun} />
        );
      },
    },
    {
      id: 'ended',
      head: 'Ended',
      width: '76px',
      align: 'right',
      cell: (sync) => <span className="t2 sm">{sync.lastRun === undefined ? '' : age(sync.lastRun.at, now)}</span>,
    },
    {
      id: 'conflicts',
      head: 'Conflicts',
      width: '88px',
      align: 'right',
      cell: (sync) =>
        sync.conflicts === 0 ? (
          <span className="t3">0</span>
        ) : (
          <Link className="conflict" href={`/conflicts?sync=${encodeURIComponent(sync.id)}`}>
            {count(sync.conflicts)}
          </Link>
        ),
    },
    {
      id: 'schedule',
      head: 'Schedule',
      width: 'minmax(120px, 1fr)',
      rank: 2,
      cell: ({ schedule }) =>
        schedule === undefined ? (
          <span className="t3 sm">by hand</span>
        ) : schedule.paused || schedule.late ? (
          <Status icon={scheduleState(schedule).icon} tone={scheduleState(schedule).tone}>
            {scheduleState(schedule).word}
          </Status>
        ) : (
          <span className="t2 sm clip" title={schedule.next === undefined ? schedule.words : `next ${dateTime(schedule.next)}`}>
            {schedule.words}
          </span>
        ),
    },
    { id: 'records', head: 'Records', width: '96px', align: 'right', rank: 2, cell: (sync) => count(sync.records) },
    {
      id: 'owner',
      head: 'Owner',
      width: 'minmax(120px, 1fr)',
      rank: 3,
      cell: (sync) => (sync.owner === '' ? <span className="held sm">no owner</span> : <span className="t2 sm">{sync.owner}</span>),
    },
    {
      id: 'actions',
      head: <span className="sr">Actions</span>,
      width: '84px',
      align: 'right',
      rank: 2,
      cell: (sync) => (
        <span className="onrow">
          <IconButton icon="search" small label={`Preview ${sync.title} (p)`} onPress={() => preview(sync.id)} />
          <IconButton icon="play" small label={`Run ${sync.title} (r)`} onPress={() => run(sync.id)} />
        </span>
      ),
    },
  ];
}
