// Compares all endpoints of a sync now, and shows what differs.
import type { ReactNode } from 'react';
import type { CallOutput } from '../../../preload/contract/index.ts';
import { useAskOnce } from '../../api.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { count, counted, dateTime, shortHash } from '../../ui/format.ts';
import { ErrorState, SkeletonRows } from '../../ui/states.tsx';
import { Status } from '../../ui/status.tsx';
import { BeforeAfter } from '../../ui/value.tsx';

type Verified = CallOutput<'syncs.verify'>;

const SHOWN = 200;

export function VerifyDialog({
  sync,
  title,
  known,
  onClose,
}: {
  readonly sync: string;
  readonly title: string;
  /** Shown instead of comparing now. */
  readonly known?: Verified;
  readonly onClose: () => void;
}): ReactNode {
  const { data: result = known, problem } = useAskOnce('syncs.verify', known === undefined ? { sync } : null);
  return (
    <Dialog
      title={known === undefined ? `Verify ${title}` : `Comparison of ${title}, ${dateTime(known.at)}`}
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
      {problem !== undefined ? <ErrorState problem={problem} compact /> : result === undefined ? <Reading /> : <Result result={result} />}
    </Dialog>
  );
}

function Reading(): ReactNode {
  return (
    <>
      <p className="row t2">
        <Status icon="running" tone="idle">
          Reading all endpoints
        </Status>
        nothing is written
      </p>
      <SkeletonRows rows={3} height={28} />
    </>
  );
}

function Result({ result }: { readonly result: Verified }): ReactNode {
  return (
    <div className="verify">
      <p>
        {result.differing === 0 ? (
          <Status icon="ok" tone="insync">
            All endpoints hold what they should
          </Status>
        ) : (
          <Status icon="warn" tone="held">
            {counted(result.differing, 'difference')}
          </Status>
        )}
      </p>
      <table className="table table--compact table--tight">
        <thead>
          <tr>
            <th>Endpoint</th>
            <th className="num">Rows</th>
            <th>Checksum</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(result.endpoints).map(([name, endpoint]) => (
            <tr key={name}>
              <td>{name}</td>
              <td className="num">{count(endpoint.count)}</td>
              <td className="v">{shortHash(endpoint.checksum)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {result.differences.length === 0 ? null : <Differences differences={result.differences} />}
      {result.notes.map((note) => (
        <p className="t2 sm" key={note}>
          {note}
        </p>
      ))}
    </div>
  );
}

function Differences({ differences }: { readonly differences: Verified['differences'] }): ReactNode {
  return (
    <>
      <table className="table table--compact table--tight">
        <thead>
          <tr>
            <th>Endpoint</th>
            <th>Key</th>
            <th>Field</th>
            <th>Expected → found</th>
            <th>Why</th>
          </tr>
        </thead>
        <tbody>
          {differences.slice(0, SHOWN).map((difference) => (
            <tr key={`${difference.endpoint} ${difference.key.join(' ')} ${difference.field ?? ''} ${difference.why}`}>
              <td>{difference.endpoint}</td>
              <td className="v">{difference.key.join(', ')}</td>
              <td className="t2 sm">{difference.field ?? 'record'}</td>
              <td className="verify__change">
                {difference.field === undefined ? null : <BeforeAfter before={difference.expected} after={difference.found} />}
              </td>
              <td className="t2 sm">{difference.why}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {differences.length > SHOWN ? <p className="t3 sm">The first {count(SHOWN)} are shown.</p> : null}
    </>
  );
}
