// What an undo has to do with a run: the run that it takes back, or the one that took it back.
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { count } from '../../ui/format.ts';
import { Status } from '../../ui/status.tsx';
import type { RunDetail } from './run-filter.ts';

export function UndoLinks({ run }: { readonly run: Pick<RunDetail, 'undoes' | 'undoneBy'> }): ReactNode {
  const other = run.undoes ?? run.undoneBy;
  if (other === undefined) return null;
  return (
    <Status icon="undo" tone="idle">
      {run.undoes === undefined ? 'Undone by ' : 'Undoes '}
      <Link className="link" href={`/runs/${other}`}>
        run {count(other)}
      </Link>
    </Status>
  );
}
