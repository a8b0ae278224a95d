// The endpoints of a sync in one line, with the direction in which records go between them.
import { Fragment } from 'react';
import type { ReactNode } from 'react';
import type { EndpointBrief } from '../../../preload/contract/values.ts';
import { connectorIcon } from '../../shell/words.ts';
import { Icon } from '../../ui/icon.tsx';
import { arrowBetween } from './arrow-between.ts';

export function EndpointLine({ endpoints }: { readonly endpoints: readonly EndpointBrief[] }): ReactNode {
  return (
    <span className="endpoints">
      {endpoints.map((endpoint, index) => {
        const before = endpoints[index - 1];
        const arrow = before === undefined ? undefined : arrowBetween(before, endpoint);
        return (
          <Fragment key={endpoint.name}>
            {arrow === undefined ? null : <Icon name={arrow.icon} small label={arrow.words} />}
            <Icon name={connectorIcon(endpoint.connector)} small />
            <span className="clip" title={`${endpoint.connection}, ${endpoint.dataset}`}>
              {endpoint.name}
            </span>
          </Fragment>
        );
      })}
    </span>
  );
}
