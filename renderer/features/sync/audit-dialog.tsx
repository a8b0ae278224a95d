// Whether reading only what changed would have heard of everything, place by place, and what to change where not.
import type { ReactNode } from 'react';
import type { CallOutput } from '../../../preload/contract/index.ts';
import { useAskOnce } from '../../api.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { count, counted, dateTime } from '../../ui/format.ts';
import { ErrorState, SkeletonRows } from '../../ui/states.tsx';
import { Status } from '../../ui/status.tsx';
import { BeforeAfter } from '../../ui/value.tsx';

type Audited = CallOutput<'syncs.audit'>;
type Place = Audited['endpoints'][string];

export function AuditDialog({
  sync,
  title,
  onClose,
}: {
  readonly sync: string;
  readonly title: string;
  readonly onClose: () => void;
}): ReactNode {
  const { data: result, problem } = useAskOnce('syncs.audit', { sync });
  return (
    <Dialog
      title={`Audit the reads of ${title}`}
      wide
      onClose={onClose}
      foot={
        <span data-autofocus>
          <Button keys="Escape" onPress={onClose}>
            Close
          </Button>
        </span>
      }
    >
      {problem !== undefined ? (
        <ErrorState problem={problem} compact />
      ) : result === undefined ? (
        <SkeletonRows rows={3} height={28} />
      ) : (
        <div className="verify">
          {Object.entries(result.endpoints).map(([name, place]) => (
            <PlaceResult key={name} name={name} place={place} />
          ))}
        </div>
      )}
    </Dialog>
  );
}

function PlaceResult({ name, place }: { readonly name: string; readonly place: Place }): ReactNode {
  const { isWhole, rows, listed, missed, gone, proposals, examples } = place;
  if (isWhole)
    return (
      <p className="row">
        <b className="med">{name}</b>
        <span className="t2 sm">is read whole each time: nothing to miss</span>
      </p>
    );
  return (
    <section className="verify">
      <p className="row">
        <b className="med">{name}</b>
        <Status icon={missed === 0 ? 'ok' : 'warn'} tone={missed === 0 ? 'insync' : 'held'}>
          {missed === 0 ? 'No change is missed' : `${counted(missed, 'change')} missed`}
        </Status>
        <span className="t2 sm">
          {counted(rows, 'row')}, {counted(listed, 'change')} in the next read, {count(gone)} gone
        </span>
      </p>
      {examples.length === 0 ? null : (
        <table className="table table--compact table--tight">
          <thead>
            <tr>
              <th>Key</th>
              <th>Time of change</th>
              <th>Field</th>
              <th>Known → now</th>
            </tr>
          </thead>
          <tbody>
            {examples.map((one) => (
              <tr key={one.key.join(' ')}>
                <td className="v">{one.key.join(', ')}</td>
                <td className="v">{one.modified === undefined ? <span className="t3">none</span> : dateTime(one.modified)}</td>
                <td className="t2 sm">{one.isNew ? 'new row' : one.field}</td>
                <td className="verify__change">{one.isNew ? null : <BeforeAfter before={one.known} after={one.now} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {proposals.length === 0 ? null : (
        <ul className="verify__proposals">
          {proposals.map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      )}
    </section>
  );
}
