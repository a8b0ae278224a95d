// Evidence at the right: why the field is here, who changed it and when, and what it was before.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { ConflictField } from '../../../preload/contract/conflicts.ts';
import { dateTime } from '../../ui/format.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { Panel, Section } from '../../ui/panel.tsx';
import type { Fold } from '../../ui/panel.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { ValueDiff } from '../../ui/value.tsx';
import type { Detail } from './use-details.ts';
import './evidence.css';

export function EvidencePanel({
  detail,
  row,
  fold,
}: {
  readonly detail: Detail;
  readonly row: ConflictField | undefined;
  readonly fold: Fold;
}): ReactNode {
  const [tab, setTab] = useState('evidence');
  const own = row === undefined ? detail.history : detail.history.filter((entry) => entry.field === row.field);
  return (
    <Panel label="Evidence" fold={fold} className="evidence">
      <Tabs
        label="About this record"
        tabs={[
          { id: 'evidence', label: 'Evidence' },
          { id: 'history', label: 'History', count: detail.history.length },
        ]}
        value={tab}
        onChange={setTab}
      >
        {tab === 'history' ? (
          <Section>
            <History detail={detail} entries={detail.history} withField />
          </Section>
        ) : (
          <>
            <Section title="Why it is here">
              <p className="sm">
                {row === undefined ? (
                  detail.detail
                ) : (
                  <>
                    <b className="med">{row.field}</b> {row.reason}
                  </>
                )}
              </p>
            </Section>
            {row === undefined ? null : (
              <Section title="Who and when">
                <Sources detail={detail} row={row} />
              </Section>
            )}
            <Section title={row === undefined ? 'The record’s history' : 'This field’s history'}>
              <History detail={detail} entries={own} withField={row === undefined} />
            </Section>
          </>
        )}
      </Tabs>
    </Panel>
  );
}

function Sources({ detail, row }: { readonly detail: Detail; readonly row: ConflictField }): ReactNode {
  return (
    <>
      {detail.endpoints.map(({ name, dataset }, index) => {
        const cell = row.cells[name];
        const what = cell === undefined || !cell.mapped ? 'not mapped' : cell.same ? 'unchanged' : 'changed';
        return (
          <div className="evidence__source" key={name}>
            <Kbd keys={String(index + 1)} />
            <span className="clip">
              <b className="med">{name}</b> <span className="t2">{what}</span>
            </span>
            <time>{cell?.modified === undefined ? '' : dateTime(cell.modified)}</time>
            <small>{[dataset, cell?.evidence ?? ''].filter((part) => part !== '').join(' · ')}</small>
          </div>
        );
      })}
      <div className="evidence__source">
        <Kbd keys="b" />
        <span className="t2 clip">{row.base === undefined ? 'never agreed' : 'agreed'}</span>
        <time>{agreedAt(detail, row)}</time>
      </div>
    </>
  );
}

/** When the base became what it is, where the history knows. */
function agreedAt(detail: Detail, row: ConflictField): string {
  const last = detail.history.filter((entry) => entry.field === row.field && entry.to !== undefined).sort((a, b) => b.at - a.at)[0];
  return last === undefined ? '' : dateTime(last.at);
}

function History({
  detail,
  entries,
  withField = false,
}: {
  readonly detail: Detail;
  readonly entries: Detail['history'];
  readonly withField?: boolean;
}): ReactNode {
  return (
    <ul className="timeline">
      <li className="timeline__now">
        Conflict raised
        <small>{dateTime(detail.since)}</small>
      </li>
      {entries.map((entry, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: entries of one answer, in their order
        <li key={index}>
          {withField ? <b className="med">{entry.field} </b> : null}
          {entry.to === undefined ? null : <ValueDiff before={entry.from} after={entry.to} side="after" wrap />}
          <small>
            {dateTime(entry.at)} · {entry.what}
            {entry.run === undefined ? null : (
              <>
                {' · '}
                <Link className="link" href={`/runs/${entry.run}`}>
                  run {entry.run}
                </Link>
              </>
            )}
          </small>
        </li>
      ))}
    </ul>
  );
}
