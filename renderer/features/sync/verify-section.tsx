// What the comparisons of all places found, the last first, and asking for one now.
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { CallOutput } from '../../../preload/contract/index.ts';
import { useAsk } from '../../api.ts';
import { Button } from '../../ui/button.tsx';
import { age, count, counted, dateTime, duration } from '../../ui/format.ts';
import { Section } from '../../ui/panel.tsx';
import { Status } from '../../ui/status.tsx';
import { useNow } from '../../ui/use-now.ts';
import { AuditDialog } from './audit-dialog.tsx';
import type { SyncDetail } from './diagram.tsx';
import { VerifyDialog } from './verify-dialog.tsx';

type Verification = CallOutput<'syncs.verifications'>['all'][number];

export function VerifySection({ sync }: { readonly sync: SyncDetail }): ReactNode {
  const [shown, setShown] = useState<'verify' | 'last' | 'audit' | undefined>(undefined);
  const now = useNow();
  const found = useAsk('syncs.verifications', { sync: sync.id }).data;
  const close = () => setShown(undefined);
  const last = found?.all[0];
  return (
    <Section title="Comparison of all places">
      <p className="row schedule">
        {last === undefined ? (
          <span className="t2 sm">Nothing was compared yet. A comparison reads every place whole and writes nothing.</span>
        ) : (
          <>
            <Outcome verification={last} />
            <span className="t2 sm">
              {age(last.at, now)}, {counted(last.rows, 'row')} in {counted(sync.endpoints.length, 'place')}
            </span>
          </>
        )}
        {found?.newest === undefined ? null : (
          <Button small onPress={() => setShown('last')}>
            Open
          </Button>
        )}
        <Button small keys="v" icon="check" onPress={() => setShown('verify')}>
          Verify now
        </Button>
        {sync.readsByTime ? (
          <Button small icon="clock" onPress={() => setShown('audit')}>
            Audit the reads
          </Button>
        ) : null}
      </p>
      {found === undefined || found.all.length < 2 ? null : <Earlier all={found.all.slice(1)} />}
      {shown === 'verify' ? <VerifyDialog sync={sync.id} title={sync.title} onClose={close} /> : null}
      {shown === 'last' && found?.newest !== undefined ? (
        <VerifyDialog sync={sync.id} title={sync.title} known={found.newest} onClose={close} />
      ) : null}
      {shown === 'audit' ? <AuditDialog sync={sync.id} title={sync.title} onClose={close} /> : null}
    </Section>
  );
}

function Outcome({ verification: { differing } }: { readonly verification: Pick<Verification, 'differing'> }): ReactNode {
  return differing === 0 ? (
    <Status icon="ok" tone="insync">
      Equal
    </Status>
  ) : (
    <Status icon="warn" tone="held">
      {counted(differing, 'difference')}
    </Status>
  );
}

function Earlier({ all }: { readonly all: readonly Verification[] }): ReactNode {
  return (
    <table className="table table--compact table--tight">
      <thead>
        <tr>
          <th>Earlier</th>
          <th>Result</th>
          <th className="num">Rows</th>
          <th className="num">Took</th>
          <th>Begun by</th>
        </tr>
      </thead>
      <tbody>
        {all.slice(0, 5).map((one) => (
          <tr key={one.at}>
            <td className="v">{dateTime(one.at)}</td>
            <td>
              <Outcome verification={one} />
            </td>
            <td className="num">{count(one.rows)}</td>
            <td className="num">{duration(one.tookMs)}</td>
            <td className="t2 sm">{one.cause === 'schedule' ? 'the schedule' : 'a person'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
