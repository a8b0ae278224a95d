// One dataset: its columns, and its first rows as the system shows them.
import type { ReactNode } from 'react';
import type { CallOutput } from '../../../preload/contract/index.ts';
import { counted } from '../../ui/format.ts';
import { Section } from '../../ui/panel.tsx';
import { ErrorState, SkeletonRows } from '../../ui/states.tsx';
import { Badge } from '../../ui/status.tsx';
import { Value } from '../../ui/value.tsx';
import type { AskedOnce } from './use-asked-once.ts';

type Look = CallOutput<'connections.look'>;

/** What is longer or wider than its box is moved through with keys. */
const stop = { tabIndex: 0 };

export function DatasetView({ dataset, look }: { readonly dataset: string | undefined; readonly look: AskedOnce<Look> }): ReactNode {
  if (dataset === undefined) return <div className="datasets__one" />;
  const { data, problem, again } = look;
  return (
    <section className="datasets__one" aria-label={dataset} {...stop}>
      {problem !== undefined ? (
        <ErrorState problem={problem} onRetry={again} />
      ) : data === undefined ? (
        <SkeletonRows />
      ) : (
        <Found dataset={dataset} look={data} />
      )}
    </section>
  );
}

function Found({ dataset, look }: { readonly dataset: string; readonly look: Look }): ReactNode {
  const { columns, rows, problems, notes } = look;
  return (
    <>
      <Section>
        <h2 className="strong v">{dataset}</h2>
        <p className="t2 sm">
          {[counted(columns.length, 'column'), ...(look.count === undefined ? [] : [counted(look.count, 'row')]), ...notes].join(' · ')}
        </p>
      </Section>
      <Section title="Columns">
        <table className="table table--compact table--tight">
          <thead>
            <tr>
              <th>Name</th>
              <th>Type</th>
              <th>May be empty</th>
              <th>
                <span className="sr">Remarks</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {columns.map((column) => (
              <tr key={column.name}>
                <td className="v">{column.name}</td>
                <td className="t2 sm">{column.type}</td>
                <td className="t2 sm">{column.nullable ? 'yes' : 'no'}</td>
                <td className="row">
                  {column.isKey ? <Badge>key</Badge> : null}
                  {column.isGenerated ? <Badge>set by the system</Badge> : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
      <Section title={rows.length === 0 ? 'Rows' : `First ${counted(rows.length, 'row')}`}>
        {problems.length === 0 ? null : (
          <ul className="held sm" aria-label="Rows that cannot be read">
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        )}
        {rows.length === 0 ? <p className="t3 sm">No row is in it.</p> : <Rows columns={columns} rows={rows} />}
      </Section>
    </>
  );
}

function Rows({ columns, rows }: Pick<Look, 'columns' | 'rows'>): ReactNode {
  return (
    <section className="datasets__rows" aria-label="First rows" {...stop}>
      <table className="table table--compact">
        <thead>
          <tr>
            {columns.map(({ name }) => (
              <th key={name}>{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of one answer, in their order
            <tr key={at}>
              {columns.map(({ name }, place) => (
                <td key={name} title={row[place] ?? undefined}>
                  <Value value={row[place] ?? null} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
