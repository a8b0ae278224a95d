// When the sync runs, what a run may not exceed, and what each endpoint allows.
import type { ReactNode } from 'react';
import type { SyncDetail } from './diagram.tsx';
import { DriftPanel } from './drift-panel.tsx';
import { ScheduleSection } from './schedule-section.tsx';
import { VerifySection } from './verify-section.tsx';

export function LimitsTab({ sync }: { readonly sync: SyncDetail }): ReactNode {
  return (
    <div className="scroll">
      <ScheduleSection sync={sync} />
      <VerifySection sync={sync} />
      <DriftPanel sync={sync.id} />
      <table className="table table--compact limits">
        <thead>
          <tr>
            <th>Limit</th>
            <th>Value</th>
          </tr>
        </thead>
        <tbody>
          {sync.limits.map((limit) => (
            <tr key={limit.name}>
              <td className="med">{limit.name}</td>
              <td className="t2">{limit.value}</td>
            </tr>
          ))}
          <tr className="grp">
            <td colSpan={2}>What a run may do at each endpoint</td>
          </tr>
          {sync.flows.map((flow) => (
            <tr key={flow.endpoint}>
              <td className="med">{flow.endpoint}</td>
              <td className="t2">{flow.allow.length === 0 ? 'read only' : flow.allow.join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
