// The columns of the plan's table: tick, kind, record, endpoint, field, before and after, why.
// oxlint-disable jsx-a11y/no-static-element-interactions -- the box inside is the control
import type { ReactNode } from 'react';
import type { PlanItem } from '../../../preload/contract/runs.ts';
import { Check } from '../../ui/check.tsx';
import { Status } from '../../ui/status.tsx';
import { BeforeAfter, ValueLine } from '../../ui/value.tsx';
import type { Column } from '../../ui/virtual-table.tsx';
import { changeOf, fieldWords, isWrite, whereOf, wordsOf } from './items.ts';

/** What happens to a record, on one line. */
function Change({ item, field }: { readonly item: PlanItem; readonly field: string }): ReactNode {
  const change = changeOf(item, field);
  switch (change.kind) {
    case 'words':
      return <span className="t2 sm">{change.words}</span>;
    case 'change':
      return <BeforeAfter before={change.before} after={change.after} />;
    case 'values':
      return <ValueLine values={change.values} />;
  }
}

export interface PlanColumnOptions {
  /** The filtered field, or empty. */
  readonly field: string;
  readonly head: boolean | 'mixed';
  readonly onHead: (value: boolean) => void;
  readonly isTicked: (id: number) => boolean;
  /** `extend`: tick from the last ticked row to this one. */
  readonly onTick: (item: PlanItem, index: number, extend: boolean) => void;
}

export function planColumns(options: PlanColumnOptions): readonly Column<PlanItem>[] {
  return [
    {
      id: 'tick',
      // The pointer leaves the focus in the table, whose keys go on.
      head: (
        // biome-ignore lint/a11y/noStaticElementInteractions: the box inside is the control
        <span onMouseDown={(event) => event.preventDefault()}>
          <Check label="Tick all that are listed" value={options.head} onChange={options.onHead} />
        </span>
      ),
      width: '42px',
      cell: (item, index) =>
        isWrite(item.kind) ? (
          // biome-ignore lint/a11y/noStaticElementInteractions: the box inside is the control, and Space ticks the row
          <span
            className="plan-tick"
            onMouseDown={(event) => event.preventDefault()}
            onClickCapture={(event) => {
              event.stopPropagation();
              event.preventDefault();
              options.onTick(item, index, event.shiftKey);
            }}
          >
            <Check inRow label={`${wordsOf(item.kind).one} ${item.label}`} value={options.isTicked(item.id)} onChange={() => undefined} />
          </span>
        ) : (
          <span className="plan-tick" title="Nothing is written for this row">
            <span className="check check--off" />
          </span>
        ),
    },
    {
      id: 'kind',
      head: 'Kind',
      width: '98px',
      cell: (item) => {
        const words = wordsOf(item.kind);
        return (
          <Status tone={words.tone} icon={words.icon}>
            {words.one}
          </Status>
        );
      },
    },
    { id: 'record', head: 'Record', width: 'minmax(120px, 1.5fr)', cell: (item) => <span className="clip">{item.label}</span> },
    { id: 'endpoint', head: 'Writes to', width: '96px', rank: 2, cell: (item) => <span className="t2 sm clip">{whereOf(item)}</span> },
    { id: 'field', head: 'Field', width: '112px', cell: (item) => <span className="t2 sm clip">{fieldWords(item, options.field)}</span> },
    { id: 'change', head: 'Before → after', width: 'minmax(160px, 3fr)', cell: (item) => <Change item={item} field={options.field} /> },
    {
      id: 'why',
      head: 'Why',
      width: 'minmax(148px, 1.2fr)',
      rank: 3,
      cell: (item) => (
        <span className="t3 sm clip" title={item.because}>
          {item.because}
        </span>
      ),
    },
  ];
}
