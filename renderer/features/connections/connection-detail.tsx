// One connection: what it can do, where it is used, and what the last test found.
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { KeyValues, Section } from '../../ui/panel.tsx';
import { HealthDetail } from './connection-state.tsx';
import type { Tested } from './connection-state.tsx';
import type { Connection } from './connections-screen.tsx';
import { SignIn } from './sign-in.tsx';
import { TestResult } from './test-result.tsx';

export function ConnectionDetail({
  connection,
  tested,
  onTest,
  onRemove,
  isRemoving,
}: {
  readonly connection: Connection;
  readonly tested: Tested | undefined;
  readonly onTest: () => void;
  readonly onRemove: () => void;
  readonly isRemoving: boolean;
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
      {connection.signsIn ? (
        <Section title="Sign in">
          <SignIn key={connection.id} id={connection.id} onDone={onTest} />
        </Section>
      ) : null}
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
          <div className="connection__unused">
            <p className="t3 sm">No sync uses it.</p>
            <Button small kind="danger" keys="Delete" busy={isRemoving} onPress={onRemove}>
              Remove
            </Button>
          </div>
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
