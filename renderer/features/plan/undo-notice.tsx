// On the plan of an undo: which run it takes back, and what stays as it is.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Plan } from '../../../preload/contract/runs.ts';
import { Notice } from '../../ui/bars.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { count, counted } from '../../ui/format.ts';

export function UndoNotice({ undo }: { readonly undo: NonNullable<Plan['undo']> }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const { run, kept, keptCount } = undo;
  return (
    <>
      <Notice
        tone={keptCount === 0 ? 'accent' : 'held'}
        icon="undo"
        what={
          <>
            This undoes{' '}
            <Link className="link" href={`/runs/${run}`}>
              run {count(run)}
            </Link>
            .
          </>
        }
        action={
          keptCount === 0 ? null : (
            <Button small onPress={() => setOpen(true)}>
              What stays ({count(keptCount)})
            </Button>
          )
        }
      >
        {keptCount === 0
          ? 'Everything that it wrote can be taken back. Where places differ afterwards you are asked, and the next run changes nothing until you decide.'
          : `${counted(keptCount, 'thing')} cannot be taken back and ${keptCount === 1 ? 'stays' : 'stay'} as they are.`}
      </Notice>
      {isOpen ? (
        <Dialog
          title={`What stays as it is (${count(keptCount)})`}
          wide
          onClose={() => setOpen(false)}
          foot={
            <span data-autofocus>
              <Button onPress={() => setOpen(false)}>Close</Button>
            </span>
          }
        >
          <table className="table table--compact">
            <thead>
              <tr>
                <th>Endpoint</th>
                <th>Key</th>
                <th>Field</th>
                <th>Why</th>
              </tr>
            </thead>
            <tbody>
              {kept.map((one) => (
                <tr key={`${one.endpoint} ${one.key?.join(' ') ?? ''} ${one.field ?? ''} ${one.why}`}>
                  <td>{one.endpoint}</td>
                  <td className="v">{one.key?.join(', ') ?? 'every row'}</td>
                  <td>{one.field ?? ''}</td>
                  <td className="t2">{one.why}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {kept.length < keptCount ? <p className="t3 sm">and {counted(keptCount - kept.length, 'more thing')}</p> : null}
        </Dialog>
      ) : null}
    </>
  );
}
