// What the test of a connection found.
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { count, counted, duration } from '../../ui/format.ts';
import { ErrorState } from '../../ui/states.tsx';
import { Status } from '../../ui/status.tsx';
import type { Tested } from './connection-state.tsx';

/** So many say what the place holds; the others are found inside it. */
const shownDatasets = 8;

/** `inside`: where the others are, once the connection is saved. */
export function TestResult({ tested, inside }: { readonly tested: Tested | undefined; readonly inside?: string }): ReactNode {
  if (tested === undefined) return <p className="t3 sm">Test opens the place, lists what is in it and writes nothing.</p>;
  if (tested.kind === 'testing') {
    return (
      <Status icon="running" tone="idle">
        Testing
      </Status>
    );
  }
  if (tested.kind === 'refused') return <ErrorState problem={tested.problem} compact />;
  const { ok, message, details, checks, datasets, problem, tookMs } = tested.result;
  return (
    <div className="connection__test">
      {problem === undefined ? (
        <p className="row">
          <Status icon={ok ? 'ok' : 'failed'} tone={ok ? 'insync' : 'failed'}>
            {message}
          </Status>
          <span className="t3 xs">{duration(tookMs)}</span>
        </p>
      ) : (
        <ErrorState problem={problem} compact />
      )}
      {checks.length === 0 ? null : (
        <ul className="connection__list" aria-label="What was looked at">
          {checks.map(({ name, isOk, says }) => (
            <li key={name}>
              <Status icon={isOk ? 'ok' : 'failed'} tone={isOk ? 'insync' : 'failed'}>
                {says}
              </Status>
            </li>
          ))}
        </ul>
      )}
      {/* A problem says what to do itself. */}
      {details.length === 0 || problem !== undefined ? null : (
        <ul className="connection__list t2">
          {details.map((detail) => (
            <li key={detail}>{detail}</li>
          ))}
        </ul>
      )}
      {datasets.length === 0 ? null : (
        <table className="table table--compact table--tight connection__datasets">
          <thead>
            <tr>
              <th>Dataset</th>
              <th>Kind</th>
              <th className="num">Columns</th>
              <th className="num">Rows</th>
            </tr>
          </thead>
          <tbody>
            {datasets.slice(0, shownDatasets).map((dataset) => (
              <tr key={dataset.name} title={counted(dataset.columns, 'column')}>
                <td className="v">{dataset.name}</td>
                <td className="t2 sm">{dataset.kind}</td>
                <td className="num">{count(dataset.columns)}</td>
                <td className="num">{dataset.rows === undefined ? <span className="t3">not counted</span> : count(dataset.rows)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {datasets.length <= shownDatasets || inside === undefined ? null : (
        <Link className="link" href={inside}>
          Look at the others
        </Link>
      )}
    </div>
  );
}
