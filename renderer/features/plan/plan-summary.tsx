// Counts of a plan by endpoint and kind, each of which filters the table, and how far the limits are used.
import type { ReactNode } from 'react';
import type { ItemKind, Plan } from '../../../preload/contract/runs.ts';
import { Figure } from '../../ui/figure.tsx';
import { count } from '../../ui/format.ts';
import { Bar } from '../../ui/progress.tsx';
import { Status } from '../../ui/status.tsx';
import type { Tone } from '../../ui/status.tsx';
import { kinds } from './items.ts';

export interface PlanSummaryProps {
  readonly plan: Plan;
  readonly filtered: { readonly kind: string; readonly endpoint: string };
  /** An empty kind or endpoint means any. */
  readonly onFilter: (kind: ItemKind | '', endpoint: string) => void;
}

export function PlanSummary({ plan, filtered, onFilter }: PlanSummaryProps): ReactNode {
  const cell = (kind: ItemKind, endpoint: string, value: number): ReactNode => {
    if (value === 0) return <span className="t3">0</span>;
    const isOn = filtered.kind === kind && filtered.endpoint === endpoint;
    return (
      <Figure pressed={isOn} onPress={() => (isOn ? onFilter('', '') : onFilter(kind, endpoint))}>
        {count(value)}
        <span className="sr">{`${kind} at ${endpoint === '' ? 'all endpoints' : endpoint}`}</span>
      </Figure>
    );
  };
  return (
    <div className="plan-summary hide-low">
      <table className="plan-counts">
        <thead>
          <tr>
            <th scope="col">Writes to</th>
            {kinds.map((words) => (
              <th scope="col" key={words.kind}>
                <Status tone={words.tone} icon={words.icon}>
                  {words.one}
                </Status>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Object.entries(plan.counts).map(([endpoint, counts], index) => (
            <tr key={endpoint}>
              <th scope="row">{`${index + 1} ${endpoint}`}</th>
              {kinds.map(({ kind }) => (
                <td key={kind}>{cell(kind, endpoint, counts[kind])}</td>
              ))}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Together</th>
            {kinds.map(({ kind }) => (
              <td key={kind} title={kind === 'conflict' ? 'A conflict touches several endpoints and counts once here' : undefined}>
                {cell(kind, '', plan.together[kind])}
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
      <Limits limits={plan.limits} />
    </div>
  );
}

function toneOf(kind: string): Tone {
  return kinds.find((words) => kind.startsWith(words.kind))?.tone ?? 'idle';
}

function Limits({ limits }: { readonly limits: Plan['limits'] }): ReactNode {
  if (limits.length === 0) return null;
  return (
    <div className="plan-limits">
      {limits.map(({ kind, used, limit }) => {
        const isOver = used > limit;
        const tone = isOver ? 'held' : toneOf(kind);
        return (
          <div className="plan-limit" key={kind}>
            <span className={`${tone} med clip`}>{kind.charAt(0).toUpperCase() + kind.slice(1)}</span>
            <Bar share={limit === 0 ? (used > 0 ? 1 : 0) : used / limit} tone={tone} label={`${kind}: ${used} of ${limit}`} />
            <span className={isOver ? 'held med' : 't2'}>
              {isOver ? `${count(used)}, limit ${count(limit)}` : `${count(used)} of ${count(limit)}`}
            </span>
          </div>
        );
      })}
    </div>
  );
}
