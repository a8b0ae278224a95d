// One connection: what it can do, where it is used, and what the last test found.
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { count, counted, duration } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { KeyValues, Section } from '../../ui/panel.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { Status } from '../../ui/status.tsx';
import { HealthDetail } from './connection-state.tsx';
import type { Tested } from './connection-state.tsx';
import type { Connection } from './connections-screen.tsx';

export function ConnectionDetail({
  connection,
  tested,
}: {
  readonly connection: Connection;
  readonly tested: Tested | undefined;
}): ReactNode {
  return (
    <>
      <Section>
        <h2 className="strong">{connection.id}</h2>
        <p className="t2 sm">{connection.title}</p>
        <p className="v connection__target">{connection.target}</p>
      </Section>
      {connection.health === undefined ? null : (
        <Section title="State">
          <HealthDetail health={connection.health} />
        </Section>
      )}
      <Section title="Test">
        <TestResult tested={tested} inside={`/connections/${encodeURIComponent(connection.id)}`} />
      </Section>
      <Section title="What it can do">
        <ul className="connection__list">
          {connection.abilities.map((ability) => (
            <li key={ability} className="row">
              <Icon name="check" small />
              {ability}
            </li>
          ))}
        </ul>
      </Section>
      <Section title="Used by">
        {connection.usedBy.length === 0 ? (
          <p className="t3 sm">No sync uses it.</p>
        ) : (
          <KeyValues
            rows={connection.usedBy.map(({ sync, endpoint }) => [
              <Link key={sync} className="link" href={`/syncs/${sync}`}>
                {sync}
              </Link>,
              `as ${endpoint}`,
            ])}
          />
        )}
      </Section>
    </>
  );
}

/** So many say what the place holds; the others are found inside it. */
const shownDatasets = 8;

function TestResult({ tested, inside }: { readonly tested: Tested | undefined; readonly inside: string }): ReactNode {
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
      {datasets.length <= shownDatasets ? null : (
        <Link className="link" href={inside}>
          Look at the others
        </Link>
      )}
    </div>
  );
}
