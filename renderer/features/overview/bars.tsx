// Two rankings: fields that are most often contested, and sides whose edits won.
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { CallOutput } from '../../../preload/contract/index.ts';
import { capital, count, percent } from '../../ui/format.ts';
import { Bar } from '../../ui/progress.tsx';

type Overview = CallOutput<'overview.get'>;

export function Contested({ fields }: { readonly fields: Overview['contested'] }): ReactNode {
  const most = Math.max(1, ...fields.map((field) => field.count));
  return (
    <>
      <div className="overview__head">
        <h2>Most contested fields</h2>
      </div>
      <div className="ranking">
        {fields.length === 0 ? <p className="t3 sm">No field was contested.</p> : null}
        {fields.map((field) => (
          <div className="ranking__row" key={field.field}>
            <Link className="clip" href={`/conflicts?field=${encodeURIComponent(field.field)}`}>
              {capital(field.field)}
            </Link>
            <Bar share={field.count / most} tone="conflict" label={`${field.field}: ${count(field.count)}`} />
            <span className="num">{count(field.count)}</span>
          </div>
        ))}
      </div>
    </>
  );
}

export function Sources({ sources }: { readonly sources: Overview['sources'] }): ReactNode {
  return (
    <>
      <div className="overview__head overview__head--next">
        <h2>Sources</h2>
        <span className="legend">their edits that won</span>
      </div>
      <div className="ranking">
        {sources.length === 0 ? <p className="t3 sm">No edit was taken yet.</p> : null}
        {sources.map((source) => (
          <div className="ranking__row" key={source.endpoint}>
            <span className="clip">{source.endpoint}</span>
            <Bar share={source.share} tone="idle" label={`${source.endpoint}: ${percent(source.share)}`} />
            <span className="num">{percent(source.share)}</span>
          </div>
        ))}
      </div>
    </>
  );
}
