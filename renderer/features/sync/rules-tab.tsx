// Who may give and take each field, and what happens when several changed it.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { count } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { useRows } from '../../ui/paged.ts';
import { KeyValues, Panel, Section } from '../../ui/panel.tsx';
import type { Fold } from '../../ui/panel.tsx';
import { VirtualTable } from '../../ui/virtual-table.tsx';
import type { Column } from '../../ui/virtual-table.tsx';
import type { SyncDetail } from './diagram.tsx';

type Rule = SyncDetail['rules'][number];

const directions = {
  both: { icon: 'both', word: 'both' },
  read: { icon: 'right', word: 'read' },
  write: { icon: 'left', word: 'write' },
  authority: { icon: 'lock', word: 'authority' },
} as const;

function Direction({ direction }: { readonly direction: Rule['directions'][string] | undefined }): ReactNode {
  if (direction === undefined || direction === null) return <span className="unmapped">not mapped</span>;
  const { icon, word } = directions[direction];
  return (
    <span className="row t2 sm rule__direction">
      <Icon name={icon} small />
      {word}
    </span>
  );
}

function columns(sync: SyncDetail): readonly Column<Rule>[] {
  return [
    {
      id: 'field',
      head: 'Field',
      width: 'minmax(150px, 1.4fr)',
      cell: (rule) => (
        <>
          <span className="med">{rule.field}</span>
          <span className="xs t3 rule__type">{rule.type}</span>
        </>
      ),
    },
    ...sync.endpoints.map(
      (endpoint, index): Column<Rule> => ({
        id: endpoint.name,
        head: `${index + 1} ${endpoint.name}`,
        width: '112px',
        rank: index < 3 ? 2 : 3,
        cell: (rule) => <Direction direction={rule.directions[endpoint.name]} />,
      }),
    ),
    { id: 'rule', head: 'When several changed', width: 'minmax(160px, 2fr)', cell: (rule) => <span className="t2 sm">{rule.rule}</span> },
    {
      id: 'open',
      head: 'Open',
      width: '72px',
      align: 'right',
      cell: (rule) =>
        rule.open === 0 ? (
          <span className="t3">0</span>
        ) : (
          <Link className="conflict" href={`/conflicts?sync=${encodeURIComponent(sync.id)}&field=${encodeURIComponent(rule.field)}`}>
            {count(rule.open)}
          </Link>
        ),
    },
  ];
}

export function RulesTab({ sync, fold }: { readonly sync: SyncDetail; readonly fold: Fold }): ReactNode {
  const [selected, setSelected] = useState(0);
  const source = useRows(sync.rules);
  const rule = sync.rules[selected];
  return (
    <div className="sync__two">
      <VirtualTable
        label="Rules"
        columns={columns(sync)}
        source={source}
        rowHeight={28}
        selected={selected}
        onSelect={setSelected}
        onOpen={fold.toggle}
        opens="facts"
        takesFocus
      />
      <Panel label="Facts" fold={fold}>
        {rule === undefined ? null : (
          <>
            <Section title={rule.field}>
              <p className="sm">
                {rule.type}; {rule.class}. When several changed it: {rule.rule}.
              </p>
            </Section>
            <Section title="Decided so far">
              <KeyValues
                right
                rows={[
                  ['By rule', count(rule.decided.byRule)],
                  ['By a person', count(rule.decided.byPerson)],
                  ['Open', count(rule.open)],
                ]}
              />
            </Section>
          </>
        )}
        <Section title="The whole record">
          <KeyValues
            rows={[
              ['Match', sync.match.length === 0 ? 'not set' : sync.match.join(', ')],
              ['First meeting', sync.first],
              ['Edit or delete', sync.presence],
            ]}
          />
        </Section>
      </Panel>
    </div>
  );
}
