// Shows values of records exactly as they are: null, empty, white space, lists, and what differs between two of them.
import { ArrowRight } from 'lucide-react';
import { Children, Fragment } from 'react';
import type { ReactNode } from 'react';
import type { WireValue } from '../../preload/contract/values.ts';
import type { Run } from './diff-marks.ts';
import { isNumeric, markValues, showValue } from './value-text.ts';
import { visibleRuns } from './visible-text.ts';
import './value.css';

/** A character that would not be seen, with its mark drawn over it. Copying takes the character. */
function Unseen({ text, mark }: { readonly text: string; readonly mark: string }): ReactNode {
  const end = text === '\n' || text === '\r';
  const kind = end ? 'ws ws--end' : mark === '▯' || mark === '␍' ? 'ws ws--none' : 'ws';
  const code = text.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
  return (
    <span className={kind} data-mark={mark} title={`U+${code}`}>
      {text}
    </span>
  );
}

/** Long words may break after these, before they break anywhere: `rechnung@` `nordwind.example`. */
function breakable(text: string): ReactNode {
  const pieces = text.split(/(?<=[@/_;])(?=[^\s])/);
  if (pieces.length === 1) return text;
  return Children.toArray(pieces.flatMap((piece, index) => (index === 0 ? [piece] : [<wbr key={piece} />, piece])));
}

interface RunsProps {
  readonly runs: readonly Run[];
  readonly as: 'ins' | 'del';
  readonly wrap: boolean;
}

function Runs({ runs, as: Mark, wrap }: RunsProps): ReactNode {
  const parts = visibleRuns(runs);
  return runs.map((run) => {
    const own = parts.filter((part) => part.run === run);
    const key = own[0]?.at ?? 0;
    const content = own.map((part) =>
      part.mark === undefined ? (
        <Fragment key={part.at}>{wrap ? breakable(part.text) : part.text}</Fragment>
      ) : (
        <Unseen key={part.at} text={part.text} mark={part.mark} />
      ),
    );
    return run.changed ? <Mark key={key}>{content}</Mark> : <span key={key}>{content}</span>;
  });
}

function classes(type: string | undefined, wrap: boolean | undefined): string {
  return `v${isNumeric(type) ? ' v--num' : ''}${wrap ? ' v--wrap' : ''}`;
}

function Nothing({ kind }: { readonly kind: 'null' | 'empty' | 'empty-list' }): ReactNode {
  switch (kind) {
    case 'null':
      return <span className="null">null</span>;
    case 'empty':
      return <span className="empty-text">empty</span>;
    case 'empty-list':
      return <span className="empty-list">empty list</span>;
  }
}

/** A value as it is stored. `wrap` lets a long one break over lines; otherwise it stays on one. */
export function Value({ value, type, wrap }: { readonly value: WireValue; readonly type?: string; readonly wrap?: boolean }): ReactNode {
  const shown = showValue(value);
  if (shown.kind !== 'text') return <Nothing kind={shown.kind} />;
  return (
    <span className={classes(type, wrap)}>
      <Runs runs={[{ text: shown.text, changed: false }]} as="ins" wrap={wrap === true} />
    </span>
  );
}

/**
 * One side of two values with what differs marked inside it: `before` shows what went out, `after` what came in.
 * An `undefined` other side marks nothing.
 */
export function ValueDiff(props: {
  readonly before: WireValue | undefined;
  readonly after: WireValue | undefined;
  readonly side: 'before' | 'after';
  readonly type?: string;
  readonly wrap?: boolean;
}): ReactNode {
  const { before, after, side, type, wrap } = props;
  const value = side === 'before' ? before : after;
  const other = side === 'before' ? after : before;
  if (value === undefined) return null;
  const shown = showValue(value);
  if (shown.kind !== 'text') return <Nothing kind={shown.kind} />;
  const runs = other === undefined ? [{ text: shown.text, changed: false }] : markValues(before, after)[side];
  return (
    <span className={classes(type, wrap)}>
      <Runs runs={runs} as={side === 'before' ? 'del' : 'ins'} wrap={wrap === true} />
    </span>
  );
}

/** Several values on one line, as many as there is room for. */
export function ValueLine({ values }: { readonly values: readonly WireValue[] }): ReactNode {
  return (
    <span className="v-line clip">
      {values.map((value, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the values of one row, in their order
        <Fragment key={index}>
          {index === 0 ? null : <span className="v">, </span>}
          <Value value={value} />
        </Fragment>
      ))}
    </span>
  );
}

/** Both values on one line, what differs marked in each. */
export function BeforeAfter({
  before,
  after,
}: {
  readonly before: WireValue | undefined;
  readonly after: WireValue | undefined;
}): ReactNode {
  return (
    <span className="ba">
      <ValueDiff before={before} after={after} side="before" />
      <ArrowRight className="i" aria-label="becomes" />
      <ValueDiff before={before} after={after} side="after" />
    </span>
  );
}
