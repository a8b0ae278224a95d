// Columns that are gone from a place, each with the three answers that there are.
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { CallOutput } from '../../../preload/contract/index.ts';
import { ask, useAsk } from '../../api.ts';
import { useAction } from '../../use-action.ts';
import { Button } from '../../ui/button.tsx';
import { age } from '../../ui/format.ts';
import { Select } from '../../ui/select.tsx';
import { Status } from '../../ui/status.tsx';
import { useNow } from '../../ui/use-now.ts';

type Drift = CallOutput<'drift.list'>[number];

export function DriftPanel({ sync }: { readonly sync: string }): ReactNode {
  const drift = useAsk('drift.list', { sync });
  if (drift.data === undefined || drift.data.length === 0) return null;
  return (
    <table className="table table--compact drift">
      <thead>
        <tr>
          <th>Column gone</th>
          <th>Field</th>
          <th>Since</th>
          <th>What shall be</th>
        </tr>
      </thead>
      <tbody>
        {drift.data.map((one) => (
          <DriftRow key={`${one.endpoint} ${one.field}`} drift={one} />
        ))}
      </tbody>
    </table>
  );
}

function DriftRow({ drift }: { readonly drift: Drift }): ReactNode {
  const { sync, endpoint, field, column, near, since, accepted } = drift;
  const now = useNow();
  const columns = useAsk('mapping.get', { sync }).data?.endpoints.find((one) => one.endpoint.name === endpoint)?.columns ?? [];
  const names = [...new Set([...near, ...columns.map(({ name }) => name)])];
  const [chosen, setChosen] = useState('');
  const target = chosen === '' ? (names[0] ?? '') : chosen;
  const [pause, isPausing] = useAction(async () => void (await ask('drift.resolve', { sync, endpoint, field, choice: 'pause' })));
  const [ignore, isIgnoring] = useAction(async () => void (await ask('drift.resolve', { sync, endpoint, field, choice: 'ignore' })));
  const [map, isMapping] = useAction(async () => {
    await ask('drift.resolve', { sync, endpoint, field, choice: 'map', column: target });
  });
  return (
    <tr>
      <td aria-label={`${endpoint}.${column}`}>
        <Status icon="warn" tone="held">
          <span className="v">
            {endpoint}.{column}
          </span>
        </Status>
      </td>
      <td className="med">{field}</td>
      <td className="t2 sm">{age(since, now)}</td>
      <td>
        <span className="row drift__answers">
          {accepted ? <span className="t2 sm">paused there</span> : null}
          <Select
            label={`Column for ${field}`}
            value={target}
            onChange={setChosen}
            options={names.map((name) => ({ value: name, label: name }))}
          />
          <Button small busy={isMapping} disabledBecause={target === '' ? 'The place shows no columns' : undefined} onPress={map}>
            Map to it
          </Button>
          {accepted ? null : (
            <Button small kind="quiet" busy={isPausing} onPress={pause} title="The field is neither read nor written there">
              Pause the field
            </Button>
          )}
          <Button small kind="quiet" busy={isIgnoring} onPress={ignore} title="Takes the mapping out of the configuration">
            Leave it out
          </Button>
        </span>
      </td>
    </tr>
  );
}
