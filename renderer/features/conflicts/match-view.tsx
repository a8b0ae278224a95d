// Rows that could belong together, side by side: tick those that are one record, or keep them apart.
import type { ReactNode, Ref } from 'react';
import { Check } from '../../ui/check.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { Value, ValueDiff } from '../../ui/value.tsx';
import { partnerFields } from './partners.ts';
import type { Partner } from './partners.ts';

export interface MatchViewProps {
  readonly label: string;
  readonly partners: readonly Partner[];
  readonly picked: ReadonlySet<number>;
  readonly onToggle: (index: number) => void;
  readonly ref?: Ref<HTMLDivElement>;
}

export function MatchView({ label, partners, picked, onToggle, ref }: MatchViewProps): ReactNode {
  const first = partners[0];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the grid takes the focus, its keys tick the columns
    <div ref={ref} className="scroll compare" role="grid" aria-label={`Rows that could be ${label}`} tabIndex={0} data-pane="compare">
      <table className="compare__table" role="presentation">
        <thead>
          <tr role="row">
            <th role="columnheader">Field</th>
            {partners.map((partner, index) => (
              <th role="columnheader" key={`${partner.endpoint} ${partner.key.join(' ')}`} className={picked.has(index) ? 'pick' : ''}>
                <span className="compare__head">
                  <Kbd keys={String(index + 1)} />
                  <Check
                    inRow
                    label={`${partner.endpoint} ${partner.key.join(', ')}`}
                    value={picked.has(index)}
                    onChange={() => onToggle(index)}
                  />
                  <span className="clip">{partner.endpoint}</span>
                </span>
                <small className="clip v">
                  {partner.key.join(', ')}
                  {partner.linked ? ' · linked' : ''}
                </small>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {partnerFields(partners).map(({ field, differs }) => (
            <tr role="row" key={field} className={differs ? '' : 'auto'}>
              <td role="rowheader">
                <span className="compare__field clip">{field}</span>
                <span className="compare__type">{differs ? 'differs' : 'same'}</span>
              </td>
              {partners.map((partner, index) => {
                const value = partner.values[field];
                return (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: the number of the column ticks it as well
                  <td
                    role="gridcell"
                    key={`${partner.endpoint} ${partner.key.join(' ')}`}
                    className={picked.has(index) ? 'pick' : ''}
                    onClick={() => onToggle(index)}
                  >
                    {value === undefined ? (
                      <span className="unmapped">not mapped</span>
                    ) : differs && index > 0 ? (
                      <ValueDiff before={first?.values[field]} after={value} side="after" wrap />
                    ) : (
                      <Value value={value} wrap />
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
