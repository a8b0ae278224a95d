// A new connection, or another configuration of one: choose what to connect, fill in what it asks for, test it, save it.
import type { ReactNode } from 'react';
import { useParams } from 'wouter';
import { useAsk } from '../../api.ts';
import { go, useQuery } from '../../hash-location.ts';
import { useCrumbs } from '../../shell/crumbs.tsx';
import { connectorIcon } from '../../shell/words.ts';
import { ScreenBar } from '../../ui/bars.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ErrorState, SkeletonRows } from '../../ui/states.tsx';
import { ConnectionForm } from './connection-form.tsx';
import { nothingTyped, textsOf } from './draft.ts';
import type { Connector } from './draft.ts';
import './form.css';

export function ConnectionFormScreen(): ReactNode {
  const { id } = useParams<{ readonly id?: string }>();
  const [chosen] = useQuery('connector');
  const asked = useAsk('connectors.list', {});
  const existing = useAsk('connections.get', id === undefined ? null : { id });
  const connector = asked.data?.connectors.find((one) => one.id === (existing.data?.connector ?? chosen));
  const title = id ?? (connector === undefined ? 'New connection' : `New connection: ${connector.title}`);
  useCrumbs([{ title: 'Connections', path: '/connections' }, { title: id === undefined ? 'New' : id }]);
  const problem = asked.problem ?? existing.problem;
  if (problem !== undefined) return <ErrorState problem={problem} onRetry={asked.again} />;
  if (asked.data === undefined || (id !== undefined && existing.data === undefined)) return <SkeletonRows />;
  return (
    <>
      <ScreenBar title={title} />
      {connector === undefined ? (
        <Choices connectors={asked.data.connectors} />
      ) : (
        <ConnectionForm
          key={`${id ?? ''} ${connector.id}`}
          connector={connector}
          folder={asked.data.folder}
          of={id}
          kept={existing.data?.secrets ?? []}
          start={id === undefined ? nothingTyped : { id, texts: textsOf(connector.fields, existing.data?.config ?? {}), secrets: {} }}
        />
      )}
    </>
  );
}

/** The screen asks for exactly this. */
function focus(button: HTMLButtonElement | null): void {
  button?.focus();
}

function Choices({ connectors }: { readonly connectors: readonly Connector[] }): ReactNode {
  return (
    <div className="form__choices">
      <p className="t2">What should be connected?</p>
      <ul aria-label="What can be connected">
        {connectors.map(({ id, title, about }, at) => (
          <li key={id}>
            <button
              type="button"
              className="form__choice"
              {...(at === 0 ? { ref: focus } : {})}
              onClick={() => go(`/connections/new?connector=${id}`)}
            >
              <Icon name={connectorIcon(id)} />
              <span>
                <b className="med">{title}</b>
                <span className="t2 sm">{about}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
