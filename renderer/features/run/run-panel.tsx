// Beside the operations: what the run verified, and the chosen operation with all its fields.
import type { ReactNode } from 'react';
import type { PlanItem } from '../../../preload/contract/runs.ts';
import { isMoving } from '../../shell/words.ts';
import { count, counted } from '../../ui/format.ts';
import { KeyValues, Panel, Section } from '../../ui/panel.tsx';
import type { Fold } from '../../ui/panel.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { Status } from '../../ui/status.tsx';
import { BeforeAfter, Value } from '../../ui/value.tsx';
import { ItemStatus } from './item-columns.tsx';
import type { RunDetail } from './run-filter.ts';

export function RunPanel({
  run,
  item,
  fold,
}: {
  readonly run: RunDetail;
  readonly item: PlanItem | undefined;
  readonly fold: Fold;
}): ReactNode {
  const differ = run.verified.reduce((sum, row) => sum + row.differ, 0);
  return (
    <Panel
      label="Verification"
      fold={fold}
      head={
        <>
          <h2 className="strong grow">Verification</h2>
          {run.verified.length === 0 ? (
            <span className="t3 sm">not verified</span>
          ) : differ === 0 ? (
            <Status icon="check" tone="insync">
              Same
            </Status>
          ) : (
            <Status icon="warn" tone="held">
              {count(differ)} differ
            </Status>
          )}
        </>
      }
    >
      <Endpoints run={run} />
      {item === undefined ? null : <Chosen item={item} />}
    </Panel>
  );
}

function Endpoints({ run }: { readonly run: RunDetail }): ReactNode {
  if (run.verified.length > 0) {
    return (
      <table className="table table--compact table--tight">
        <thead>
          <tr>
            <th>Endpoint</th>
            <th className="num">Rows</th>
            <th className="num">Expected</th>
            <th>Checked</th>
          </tr>
        </thead>
        <tbody>
          {run.verified.map((row) => (
            <tr key={row.endpoint}>
              <td>{row.endpoint}</td>
              <td className="num">{count(row.rows)}</td>
              <td className="num">{count(row.expected)}</td>
              <td>
                <Checked rows={row.rows} expected={row.expected} differ={row.differ} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    );
  }
  return (
    <Section title="Read">
      <KeyValues
        right
        rows={Object.entries(run.byEndpoint).map(([name, read]) => [
          name,
          read.complete || !isMoving(run) ? `${counted(read.read, 'row')}, ${read.complete ? 'complete' : 'incomplete'}` : 'not read yet',
        ])}
      />
    </Section>
  );
}

function Checked({ rows, expected, differ }: { readonly rows: number; readonly expected: number; readonly differ: number }): ReactNode {
  if (differ === 0 && rows === expected) {
    return (
      <Status icon="check" tone="insync">
        Same
      </Status>
    );
  }
  const off = Math.abs(expected - rows);
  return (
    <Status icon="warn" tone="held">
      {differ > 0 ? `${count(differ)} differ` : `${count(off)} ${rows < expected ? 'missing' : 'more'}`}
    </Status>
  );
}

function Chosen({ item }: { readonly item: PlanItem }): ReactNode {
  const fields = [...new Set([...Object.keys(item.after), ...Object.keys(item.before)])];
  return (
    <>
      <Section title="Chosen operation">
        <p className="row">
          <ItemStatus item={item} />
          <b className="med clip">{item.label}</b>
        </p>
        <KeyValues
          rows={[
            ['Endpoint', item.endpoint],
            [
              'Key',
              <span key="key" className="v">
                {item.key.length === 0 ? 'given by the system' : item.key.join(', ')}
              </span>,
            ],
            ['Why', item.because],
          ]}
        />
      </Section>
      {item.problem === undefined ? null : <ErrorState problem={item.problem} compact />}
      {fields.length === 0 ? null : (
        <Section title="Fields">
          <dl className="item__fields">
            {fields.map((field) => (
              <div key={field}>
                <dt className="t3 xs">{field}</dt>
                <dd>
                  {field in item.before && field in item.after ? (
                    <BeforeAfter before={item.before[field]} after={item.after[field]} />
                  ) : (
                    <Value value={item.after[field] ?? item.before[field] ?? null} wrap />
                  )}
                </dd>
              </div>
            ))}
          </dl>
        </Section>
      )}
    </>
  );
}
