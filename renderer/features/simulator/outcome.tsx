// What a simulation found: figures, calls, faults, and the shortest failing history.
import type { ReactNode } from 'react';
import type { SimulationReport } from '../../../preload/contract/simulator.ts';
import { Notice } from '../../ui/bars.tsx';
import { count, duration } from '../../ui/format.ts';
import { FailureSteps } from './failure-steps.tsx';
import { faultTitle } from './setting.tsx';

interface Figure {
  readonly word: string;
  readonly value: string;
  readonly about: string;
  /** What was promised not to happen did. */
  readonly isBad?: boolean;
}

function figures(report: SimulationReport): readonly Figure[] {
  const { broken, converged, conflicts, calls } = report;
  const promised = (word: string, value: number): Figure => ({
    word,
    value: count(value),
    about: value === 0 ? 'in no history' : 'histories',
    isBad: value > 0,
  });
  const asked = Object.values(calls).reduce((sum, one) => sum + one.reads + one.writes, 0);
  return [
    {
      word: 'Agreed in the end',
      value: `${count(converged.histories)} of ${count(report.histories)}`,
      about: `after ${converged.averageRuns.toFixed(1)} runs, at most ${converged.mostRuns}`,
      isBad: !report.held,
    },
    promised('Values lost', broken['nothing-lost']),
    promised('Rows doubled', broken['no-doubles']),
    promised('Values invented', broken['nothing-invented']),
    promised('Limits broken', broken.guarded),
    {
      word: 'Conflicts',
      value: count(conflicts.opened),
      about: `${count(conflicts.byPerson)} decided by a person, ${count(conflicts.byAgreement)} agreed, ${count(conflicts.open)} open`,
    },
    { word: 'Calls to places', value: count(asked), about: `${count(report.runs)} runs, ${count(report.crashes)} crashes` },
    { word: 'Time', value: duration(report.tookMs), about: `${Math.round(report.tookMs / Math.max(1, report.histories))} ms a history` },
  ];
}

export function Outcome({ report }: { readonly report: SimulationReport }): ReactNode {
  const lived = `${count(report.histories)} ${report.histories === 1 ? 'history' : 'histories'}`;
  return (
    <>
      {report.held ? (
        <Notice tone="accent" icon="ok" what={`Every promise held in ${lived}.`}>
          {report.cancelled ? `Cancelled: ${count(report.asked)} were asked for.` : `Seed ${report.seed} gives the same ones again.`}
        </Notice>
      ) : (
        <Notice
          tone="failed"
          icon="failed"
          what={`A promise was broken in ${count(report.histories - report.converged.histories)} of ${lived}.`}
        >
          The steps below repeat the first of them.
        </Notice>
      )}
      <dl className="simulator__figures">
        {figures(report).map((figure) => (
          <div key={figure.word} className={figure.isBad === true ? 'failed' : undefined}>
            <dt>{figure.word}</dt>
            <dd>
              <b>{figure.value}</b>
              <span className="t2 sm">{figure.about}</span>
            </dd>
          </div>
        ))}
      </dl>
      {report.failure === undefined ? null : <FailureSteps failure={report.failure} />}
      {report.faults.length === 0 ? null : <FaultTable faults={report.faults} />}
      <CallTable calls={report.calls} />
      {report.notes.length === 0 ? null : (
        <ul className="simulator__notes t2 sm">
          {report.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function FaultTable({ faults }: { readonly faults: SimulationReport['faults'] }): ReactNode {
  return (
    <table className="table table--compact" aria-label="By fault">
      <thead>
        <tr>
          <th>Fault</th>
          <th className="num">Struck</th>
          <th className="num">In histories</th>
          <th className="num">Broken</th>
        </tr>
      </thead>
      <tbody>
        {faults.map(({ fault, about, struck, histories, broken }) => (
          <tr key={fault} title={about}>
            <td className="med">{faultTitle(fault)}</td>
            <td className={struck === 0 ? 'num t3' : 'num'}>{count(struck)}</td>
            <td className={histories === 0 ? 'num t3' : 'num'}>{count(histories)}</td>
            <td className={broken === 0 ? 'num t3' : 'num failed'}>{count(broken)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function CallTable({ calls }: { readonly calls: SimulationReport['calls'] }): ReactNode {
  return (
    <table className="table table--compact" aria-label="Calls">
      <thead>
        <tr>
          <th>Endpoint</th>
          <th className="num">Reads</th>
          <th className="num">Writes</th>
          <th className="num">Refused</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(calls).map(([endpoint, { reads, writes, refused }]) => (
          <tr key={endpoint}>
            <td className="med">{endpoint}</td>
            <td className="num">{count(reads)}</td>
            <td className="num">{count(writes)}</td>
            <td className="num">{count(refused)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
