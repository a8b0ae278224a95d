// One record side by side: rows are fields, columns are the base, each endpoint and the result. Contested rows stand on top.
// oxlint-disable jsx-a11y/no-noninteractive-element-to-interactive-role -- a table whose cells can be moved between is a grid
import { useEffect, useId, useRef } from 'react';
import type { ReactNode, Ref } from 'react';
import type { ConflictField } from '../../../preload/contract/conflicts.ts';
import type { WireValue } from '../../../preload/contract/values.ts';
import { connectorIcon } from '../../shell/words.ts';
import { counted, dateTime } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { isNumeric } from '../../ui/value-text.ts';
import { Value, ValueDiff } from '../../ui/value.tsx';
import { choices, comparedWith, decided, decisionKey, orderRows } from './decisions.ts';
import type { LocalDecision, LocalDecisions } from './decisions.ts';
import type { Detail } from './use-details.ts';
import { ValueEditor } from '../../ui/value-editor.tsx';

export interface Cursor {
  readonly field: string;
  readonly column: string;
}

export interface CompareTableProps {
  readonly detail: Detail;
  readonly local: LocalDecisions;
  readonly cursor: Cursor | undefined;
  readonly open: ReadonlySet<'merged' | 'agreed'>;
  readonly editing: boolean;
  readonly onCursor: (cursor: Cursor) => void;
  readonly onTake: (row: ConflictField, column: string) => void;
  readonly onFold: (state: 'merged' | 'agreed') => void;
  readonly onSave: (row: ConflictField, value: WireValue) => Promise<string | undefined>;
  readonly onCancel: () => void;
  readonly ref?: Ref<HTMLTableElement>;
}

/** The rows that can have the cursor: all but the folded ones. */
export function visibleRows(detail: Detail, open: ReadonlySet<'merged' | 'agreed'>): readonly ConflictField[] {
  return orderRows(detail.rows).filter((row) => row.state === 'contested' || open.has(row.state));
}

export function CompareTable(props: CompareTableProps): ReactNode {
  const { detail, cursor, open, onFold, ref } = props;
  const id = useId();
  const body = useRef<HTMLTableSectionElement>(null);
  const rows = orderRows(detail.rows);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another field is the reason to scroll
  useEffect(() => {
    body.current?.querySelector('tr[aria-current="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [cursor?.field, detail.id]);
  const section = (state: 'merged' | 'agreed', title: string, words: (fields: readonly ConflictField[]) => string): ReactNode => {
    const own = rows.filter((row) => row.state === state);
    if (own.length === 0) return null;
    const isOpen = open.has(state);
    return (
      <>
        <tr className="compare__fold">
          <td colSpan={detail.endpoints.length + 3}>
            <button type="button" className="row" tabIndex={-1} aria-expanded={isOpen} onClick={() => onFold(state)}>
              <Icon name={isOpen ? 'chevron-down' : 'chevron-right'} />
              <b className="med">{title}</b> <span className="clip">{words(own)}</span>
            </button>
          </td>
        </tr>
        {isOpen ? own.map((row) => <FieldRow key={row.field} {...props} row={row} rowId={id} />) : null}
      </>
    );
  };
  return (
    <div className="scroll">
      <table
        ref={ref}
        className="compare"
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells can be moved between is a grid
        role="grid"
        aria-label={`Values of ${detail.label}`}
        tabIndex={0}
        data-pane="compare"
        {...(cursor === undefined ? {} : { 'aria-activedescendant': `${id}-${cursor.field}-${cursor.column}` })}
      >
        <thead>
          <tr>
            <th scope="col">Field</th>
            <Head keys="b" title="Base" small="last agreed" />
            {detail.endpoints.map((endpoint, index) => (
              <Head
                key={endpoint.name}
                keys={String(index + 1)}
                title={endpoint.name}
                small={endpoint.dataset}
                connector={endpoint.connector}
              />
            ))}
            <Head keys="e" title="Result" small="what will be true" isResult />
          </tr>
        </thead>
        <tbody ref={body}>
          {rows
            .filter((row) => row.state === 'contested')
            .map((row) => (
              <FieldRow key={row.field} {...props} row={row} rowId={id} />
            ))}
          {section('merged', 'Merged without a conflict', (own) => counted(own.length, 'field'))}
          {section('agreed', 'Agreed', (own) => `${counted(own.length, 'field')}: ${own.map((row) => row.field).join(', ')}`)}
        </tbody>
      </table>
    </div>
  );
}

interface HeadProps {
  readonly keys: string;
  readonly title: string;
  readonly small: string;
  readonly connector?: string;
  readonly isResult?: boolean;
}

function Head({ keys, title, small, connector, isResult = false }: HeadProps): ReactNode {
  return (
    <th scope="col" className={isResult ? 'res' : ''}>
      <span className="compare__head">
        <Kbd keys={keys} />
        {connector === undefined ? null : <Icon name={connectorIcon(connector)} />}
        <span className="clip">{title}</span>
      </span>
      <small className="clip">{small}</small>
    </th>
  );
}

type FieldRowProps = CompareTableProps & { readonly row: ConflictField; readonly rowId: string };

function FieldRow(props: FieldRowProps): ReactNode {
  const { detail, row, cursor, local, rowId, onCursor, onTake } = props;
  const names = detail.endpoints.map((endpoint) => endpoint.name);
  const isCurrent = cursor?.field === row.field;
  const entry = local.get(decisionKey(detail.id, row.field));
  const chosen = decided(row, entry, detail.seen);
  const classes = [
    isCurrent ? 'cur' : '',
    row.state === 'contested' ? '' : 'auto',
    isNumeric(row.type) ? 'num-r' : '',
    entry?.state === 'moved' ? 'moved' : '',
  ];
  const cell = (column: string, content: ReactNode, dim: boolean): ReactNode => {
    const isFocused = isCurrent && cursor?.column === column && !props.editing;
    const isPicked = chosen?.taken === column;
    return (
      // biome-ignore lint/a11y/useKeyWithClickEvents: the keys of the screen move and take; the grid has the focus
      <td
        key={column}
        id={`${rowId}-${row.field}-${column}`}
        className={[dim ? 'same' : '', isPicked ? 'pick' : '', isFocused ? 'cell-focus' : ''].join(' ').trim()}
        onClick={() => onCursor({ field: row.field, column })}
        onDoubleClick={() => onTake(row, column)}
      >
        {content}
      </td>
    );
  };
  return (
    <tr className={classes.join(' ').trim()} aria-current={isCurrent ? 'true' : undefined}>
      <th scope="row">
        <span className="compare__field clip" title={row.field}>
          {row.field}
        </span>
        <span className="compare__type">{row.type}</span>
      </th>
      {cell(
        'base',
        row.base === undefined ? <span className="unmapped">never agreed</span> : <Value value={row.base} type={row.type} wrap />,
        false,
      )}
      {detail.endpoints.map(({ name }) =>
        cell(
          name,
          <SideCell row={row} side={name} against={comparedWith(row, name, names)} />,
          row.cells[name]?.same !== false || !row.cells[name]?.mapped,
        ),
      )}
      <td className="res" id={`${rowId}-${row.field}-result`}>
        <Result {...props} chosen={chosen} entry={entry} isCurrent={isCurrent} />
      </td>
    </tr>
  );
}

/** What one endpoint holds, marked against the base, and how it is known. */
interface SideCellProps {
  readonly row: ConflictField;
  readonly side: string;
  readonly against: WireValue | undefined;
}

function SideCell({ row, side, against }: SideCellProps): ReactNode {
  const cell = row.cells[side];
  if (cell === undefined || !cell.mapped) return <span className="unmapped">not mapped</span>;
  if (cell.value === undefined) return <span className="unmapped">{cell.evidence === '' ? 'not known' : cell.evidence}</span>;
  if (cell.same)
    return (
      <span className="v" title="same as base">
        = base
      </span>
    );
  const when = cell.modified === undefined ? cell.evidence : dateTime(cell.modified);
  return (
    <>
      <ValueDiff before={against} after={cell.value} side="after" type={row.type} wrap />
      <span className="compare__who" title={cell.evidence}>
        {when}
      </span>
    </>
  );
}

interface ResultProps extends FieldRowProps {
  readonly chosen: ReturnType<typeof decided>;
  readonly entry: LocalDecision | undefined;
  readonly isCurrent: boolean;
}

function Result({ detail, row, chosen, entry, isCurrent, editing, onSave, onCancel }: ResultProps): ReactNode {
  const names = detail.endpoints.map((endpoint) => endpoint.name);
  if (isCurrent && editing) {
    const start = chosen === undefined ? (row.base ?? Object.values(row.cells).find((cell) => cell.mapped)?.value) : chosen.value;
    return (
      <ValueEditor
        verb="Decide"
        key={`${detail.id} ${row.field}`}
        field={row.field}
        type={row.type}
        start={start}
        onSave={(value) => onSave(row, value)}
        onCancel={onCancel}
      />
    );
  }
  if (row.state !== 'contested') {
    return (
      <>
        {row.result === undefined ? <span className="unmapped">as it is</span> : <Value value={row.result} type={row.type} wrap />}
        <span className="compare__from">{row.reason}</span>
      </>
    );
  }
  if (chosen !== undefined) {
    const number = names.indexOf(chosen.taken ?? '') + 1;
    return (
      <>
        <Value value={chosen.value} type={row.type} wrap />
        <span className="compare__from">
          <Icon name="check" />
          {chosen.taken === undefined ? 'your own value' : chosen.taken === 'base' ? 'b Base' : `${number} ${chosen.taken}`}
        </span>
      </>
    );
  }
  if (entry?.state === 'moved' || entry?.state === 'refused') {
    return (
      <span className="field-error compare__again" role="alert">
        <Icon name="warn" small /> {entry.why}
      </span>
    );
  }
  if (!isCurrent) {
    return (
      <span className="compare__options">
        <Icon name="undecided" small /> undecided
      </span>
    );
  }
  return (
    <span className="compare__options">
      {choices(row, names).map((column) => (
        <Kbd key={column} keys={column === 'base' ? 'b' : String(names.indexOf(column) + 1)} />
      ))}{' '}
      or <Kbd keys="e" /> edit
    </span>
  );
}
