// One item of a plan in full: where it goes, every field before and after, why.
import { Fragment } from 'react';
import type { ReactNode } from 'react';
import type { PlanItem } from '../../../preload/contract/runs.ts';
import { counted } from '../../ui/format.ts';
import { KeyValues, Section } from '../../ui/panel.tsx';
import { Status } from '../../ui/status.tsx';
import { ValueDiff } from '../../ui/value.tsx';
import { fieldsOf, sidesOf, whereOf, wordsOf } from './items.ts';

function heading(item: PlanItem, fields: number): string {
  const deed = item.wouldBe ?? item.kind;
  const many = counted(fields, 'field');
  switch (deed) {
    case 'create':
      return `${many} to be written`;
    case 'update':
      return `${many} ${fields === 1 ? 'changes' : 'change'}`;
    case 'delete':
      return `${many} of the row that goes`;
    case 'conflict':
      return `${many} held until decided`;
    case 'withheld':
    case 'skip':
      return many;
  }
}

export function PlanDetail({ item, conflictsLink }: { readonly item: PlanItem; readonly conflictsLink: ReactNode }): ReactNode {
  const words = wordsOf(item.kind);
  const fields = fieldsOf(item);
  return (
    <>
      <div className="panel__head">
        <Status tone={words.tone} icon={words.icon}>
          {words.one}
        </Status>
        <b className="strong clip">{item.label}</b>
      </div>
      <Section>
        <KeyValues
          rows={[
            [item.kind === 'conflict' ? 'Between' : 'Writes to', whereOf(item)],
            ...(item.wouldBe === undefined ? [] : [['Would', item.wouldBe] as const]),
            [
              'Native key',
              <span className="v" key="key">
                {item.key.length === 0 ? 'given when it is created' : item.key.join(', ')}
              </span>,
            ],
            ...(item.record === ''
              ? []
              : [
                  [
                    'Record',
                    <span className="v" key="record">
                      {item.record}
                    </span>,
                  ] as const,
                ]),
          ]}
        />
      </Section>
      {fields.length === 0 ? null : (
        <Section title={heading(item, fields.length)}>
          {fields.map((field) => (
            <div className="plan-field" key={field}>
              <b>{field}</b>
              {item.before[field] === undefined ? null : (
                <>
                  <span>{item.kind === 'conflict' ? 'Base' : 'Before'}</span>
                  <ValueDiff before={item.before[field]} after={item.after[field]} side="before" wrap />
                </>
              )}
              {item.after[field] === undefined ? null : (
                <>
                  <span>After</span>
                  <ValueDiff before={item.before[field]} after={item.after[field]} side="after" wrap />
                </>
              )}
              {item.kind !== 'conflict'
                ? null
                : sidesOf(item, field).map(({ endpoint, value }) => (
                    <Fragment key={endpoint}>
                      <span className="clip">{endpoint}</span>
                      <ValueDiff before={item.before[field]} after={value} side="after" wrap />
                    </Fragment>
                  ))}
            </div>
          ))}
        </Section>
      )}
      <Section title="Why">
        <p className="sm">{item.because}</p>
        {item.kind === 'conflict' ? conflictsLink : null}
        {item.problem === undefined ? null : <p className="sm failed">{item.problem.message}</p>}
      </Section>
    </>
  );
}
