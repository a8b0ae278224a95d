// Rows that could belong together, side by side: tick those that are one record, or keep them apart.
// oxlint-disable jsx-a11y/no-noninteractive-element-to-interactive-role -- a table whose columns are ticked by key is a grid
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
  readonly ref?: Ref<HTMLTableElement>;
}

export function MatchView({ label, partners, picked, onToggle, ref }: MatchViewProps): ReactNode {
  const first = partners[0];
  return (
    <div className="scroll">
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose columns are ticked by key is a grid */}
      <table ref={ref} className="compare" role="grid" aria-label={`Rows that could be ${label}`} tabIndex={0} data-pane="compare">
        <thead>
          <tr>
            <th scope="col">Field</th>
            {partners.map((partner, index) => (
              <th scope="col" key={`${partner.endpoint} ${partner.key.join(' ')}`} className={picked.has(index) ? 'pick' : ''}>
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
            <tr key={field} className={differs ? '' : 'auto'}>
              <th scope="row">
                <span className="compare__field clip">{field}</span>
                <span className="compare__type">{differs ? 'differs' : 'same'}</span>
              </th>
              {partners.map((partner, index) => {
                const value = partner.values[field];
                return (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: the number of the column ticks it as well
                  <td
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
