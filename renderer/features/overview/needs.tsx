// The rows that wait for a person: how many, since when, and where to go.
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Need } from '../../../preload/contract/workspace.ts';
import { go } from '../../hash-location.ts';
import { needWord } from '../../shell/words.ts';
import { buttonClass } from '../../ui/button.tsx';
import { age, count } from '../../ui/format.ts';
import { useKeys } from '../../ui/keys.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { Status } from '../../ui/status.tsx';
import { placeOfNeed } from './need-place.ts';

/** The browser notes when this is painted: a start ends there. */
const timed = { elementtiming: 'overview' } as const;

export interface NeedsProps {
  readonly needs: readonly Need[];
  readonly now: number;
  readonly selected: number;
  readonly onSelect: (index: number) => void;
}

export function Needs({ needs, now, selected, onSelect }: NeedsProps): ReactNode {
  const at = Math.max(0, Math.min(selected, needs.length - 1));
  const step = (by: number): void => onSelect(Math.max(0, Math.min(needs.length - 1, at + by)));
  useKeys(
    'Needs you',
    [
      { keys: ['j', 'ArrowDown'], label: 'move', shown: ['j', 'k'], hint: true, repeats: true, run: () => step(1) },
      { keys: ['k', 'ArrowUp'], label: 'move back', unlisted: true, repeats: true, run: () => step(-1) },
      {
        keys: 'Enter',
        label: 'open',
        hint: true,
        run: () => {
          const need = needs[at];
          if (need !== undefined) go(placeOfNeed(need));
        },
      },
    ],
    { active: needs.length > 0, rank: 1 },
  );
  return (
    <section className="overview__needs">
      <div className="overview__head">
        <h2 {...timed}>Needs you</h2>
        <span className="xs t3">in the order of harm</span>
      </div>
      {needs.length === 0 ? (
        <EmptyState title="Nothing needs you">
          Conflicts that no rule can decide, withheld writes, failed runs and skipped records stand here, the worst first.
        </EmptyState>
      ) : (
        <table className="table table--fixed needs">
          <colgroup>
            <col className="needs__kind" />
            <col className="needs__count" />
            <col />
            <col className="needs__age hide-s" />
            <col className="needs__go" />
          </colgroup>
          <thead className="sr">
            <tr>
              <th>What</th>
              <th>How many</th>
              <th>Where</th>
              <th className="hide-s">Since</th>
              <th>Next step</th>
            </tr>
          </thead>
          <tbody>
            {needs.map((need, index) => {
              const { word, icon, tone, verb } = needWord[need.kind];
              return (
                <tr
                  key={`${need.kind} ${need.sync} ${need.run ?? ''} ${need.title}`}
                  aria-selected={index === at}
                  onMouseDown={() => onSelect(index)}
                >
                  <td>
                    <Status icon={icon} tone={tone}>
                      {word}
                    </Status>
                  </td>
                  <td className="needs__number">{count(need.count)}</td>
                  <td className="needs__what">
                    <span className="clip">{need.title}</span>
                    <small className="clip">{need.detail}</small>
                  </td>
                  <td className="num t2 sm hide-s">{age(need.since, now)}</td>
                  <td className="num">
                    <Link className={buttonClass('plain', true)} href={placeOfNeed(need)}>
                      {verb}
                    </Link>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </section>
  );
}
