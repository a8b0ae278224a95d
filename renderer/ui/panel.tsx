// Side panels: beside the list where there is room, a drawer below 1180 px.
import { useCallback, useMemo, useState } from 'react';
import type { ReactNode, RefCallback } from 'react';
import { Icon } from './icon.tsx';
import type { IconName } from './icon.tsx';
import { useKeys } from './keys.tsx';

/** Whether a panel that folds into a drawer is pulled out. */
export interface Fold {
  readonly open: boolean;
  readonly toggle: () => void;
  readonly close: () => void;
  readonly anchor: RefCallback<HTMLButtonElement>;
}

export function useFold(): Fold {
  const [open, setOpen] = useState(false);
  const [button, setButton] = useState<HTMLButtonElement | null>(null);
  const toggle = useCallback(() => setOpen((was) => !was), []);
  const close = useCallback(() => {
    setOpen(false);
    button?.focus();
  }, [button]);
  return useMemo(() => ({ open, toggle, close, anchor: setButton }), [open, toggle, close]);
}

export interface FoldButtonProps {
  readonly fold: Fold;
  readonly label: string;
  readonly icon?: IconName;
  /** `queue`: shown only below 860 px, for the list on the left. */
  readonly of?: 'panel' | 'queue';
}

/** In the screen bar; visible only where its panel is folded. */
export function FoldButton({ fold, label, icon = 'panel', of = 'panel' }: FoldButtonProps): ReactNode {
  const { anchor, open, toggle } = fold;
  return (
    <button type="button" ref={anchor} className={`btn btn--sm peek peek--${of}`} aria-expanded={open} onClick={toggle}>
      <Icon name={icon} small />
      <span className="hide-s">{label}</span>
      <span className="sr">{open ? 'Hide' : 'Show'}</span>
    </button>
  );
}

export interface PanelProps {
  readonly label: string;
  /** Where it holds text and little to tab to, it is a stop itself, so that keys can scroll it. */
  readonly isText?: boolean;
  readonly side?: 'left' | 'right';
  /** Makes it a drawer in narrow windows. */
  readonly fold?: Fold;
  readonly head?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}

export function Panel({ label, side = 'right', fold, head, children, className = '', isText = false }: PanelProps): ReactNode {
  useKeys(label, [{ keys: 'Escape', label: `close ${label.toLowerCase()}`, run: () => fold?.close() }], {
    active: fold?.open === true,
    first: true,
  });
  const classes = ['panel', side === 'left' ? 'panel--left' : '', fold === undefined ? '' : `panel--fold panel--fold-${side}`, className];
  return (
    <aside
      className={classes.filter((part) => part !== '').join(' ')}
      aria-label={label}
      data-open={fold?.open ?? undefined}
      {...(isText ? { tabIndex: 0 } : {})}
    >
      {head === undefined ? null : <div className="panel__head">{head}</div>}
      {children}
    </aside>
  );
}

export function Section({ title, children }: { readonly title?: ReactNode; readonly children: ReactNode }): ReactNode {
  return (
    <section className="sec">
      {title === undefined ? null : <h2 className="sec__title">{title}</h2>}
      {children}
    </section>
  );
}

/** Names and values, in two columns. `right` aligns numbers. */
export function KeyValues({
  rows,
  right = false,
}: {
  readonly rows: readonly (readonly [ReactNode, ReactNode])[];
  readonly right?: boolean;
}): ReactNode {
  return (
    <dl className={right ? 'kv kv--right' : 'kv'}>
      {rows.map(([name, value], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are a fixed list
        <div className="kv__row" key={index}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
