// The runs of each sync on one time axis; every bar opens its run.
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { CallOutput } from '../../../preload/contract/index.ts';
import { runWord, runWordOf } from '../../shell/words.ts';
import { dateTime } from '../../ui/format.ts';
import { spanOf, ticksOf } from './time-axis.ts';
import type { TimeRange } from './time-axis.ts';

type Lane = CallOutput<'overview.get'>['lanes'][number];

const legend = ['complete', 'partial', 'withheld', 'failed', 'writing'] as const;

export function Lanes({ lanes, range }: { readonly lanes: readonly Lane[]; readonly range: TimeRange }): ReactNode {
  return (
    <>
      <div className="overview__head">
        <h2>Runs</h2>
        <span className="legend hide-s">
          {legend.map((status) => (
            <span key={status}>
              <i className={`runbar runbar--${status}`} />
              {runWord[status].word}
            </span>
          ))}
        </span>
      </div>
      {lanes.map((lane) => (
        <div className="lane" key={lane.sync}>
          <Link className="clip" href={`/syncs/${lane.sync}`}>
            {lane.title}
          </Link>
          <div className="lane__track">
            {ticksOf(range, 4)
              .slice(1, 4)
              .map((tick) => (
                <span className="gridline" key={tick.share} style={{ left: `${tick.share * 100}%` }} />
              ))}
            {lane.runs.map((run) => {
              const span = spanOf(range, run.started, run.finished);
              return span === undefined ? null : (
                <Link
                  key={run.id}
                  href={`/runs/${run.id}`}
                  className={`runbar runbar--${run.status}`}
                  style={{ left: `min(${span.left * 100}%, 100% - 4px)`, width: `${span.width * 100}%` }}
                  title={`Run ${run.id}: ${runWordOf(run).word}, ${dateTime(run.started)}`}
                  aria-label={`Run ${run.id} of ${lane.title}: ${runWordOf(run).word}, ${dateTime(run.started)}`}
                />
              );
            })}
            <span className="nowline" />
          </div>
        </div>
      ))}
      {lanes.every((lane) => lane.runs.length === 0) ? <p className="lane__none t3 sm">No run in this span.</p> : null}
    </>
  );
}
