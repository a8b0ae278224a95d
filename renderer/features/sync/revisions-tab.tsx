// The revisions of a sync, newest first.
import type { ReactNode } from 'react';
import { age, dateTime } from '../../ui/format.ts';
import type { SyncDetail } from './diagram.tsx';

export function RevisionsTab({ sync, now }: { readonly sync: SyncDetail; readonly now: number }): ReactNode {
  return (
    <div className="scroll">
      <table className="table table--compact">
        <thead>
          <tr>
            <th className="num revisions__number">Revision</th>
            <th>Made</th>
            <th className="num">Age</th>
            <th>By</th>
            <th>What</th>
          </tr>
        </thead>
        <tbody>
          {sync.revisions.map((revision) => (
            <tr key={revision.revision}>
              <td className="num med">{revision.revision}</td>
              <td className="v t2">{dateTime(revision.at)}</td>
              <td className="num t2 sm">{age(revision.at, now)}</td>
              <td className="t2">{revision.by}</td>
              <td>{revision.what}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
