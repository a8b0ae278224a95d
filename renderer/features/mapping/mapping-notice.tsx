// The one line under the bar of the mapping editor: a refusal, an outdated draft, or the mapping that loses most.
import type { ReactNode } from 'react';
import { Notice } from '../../ui/bars.tsx';
import { Figure } from '../../ui/figure.tsx';
import { count } from '../../ui/format.ts';
import type { EndpointMapping } from './draft.ts';
import type { Side } from './map-lines.tsx';
import { isLossy, tripWords } from './survival.tsx';
import type { RoundTrip } from './survival.tsx';

export interface Worst {
  readonly side: Side;
  readonly endpoint: string;
  readonly field: string;
  readonly many: number;
  readonly total: number;
  readonly words: string;
  readonly isRefused: boolean;
}

/** The mapping that loses most. */
export function worstOf(
  sides: Readonly<Record<Side, EndpointMapping | undefined>>,
  trips: Readonly<Record<Side, readonly RoundTrip[] | undefined>>,
): Worst | undefined {
  const found = (['left', 'right'] as const).flatMap((side) =>
    (trips[side] ?? []).filter(isLossy).map((trip) => ({
      side,
      endpoint: sides[side]?.endpoint.name ?? '',
      field: trip.field,
      many: trip.lossy + trip.refused,
      total: trip.total,
      words: tripWords(trip) ?? '',
      isRefused: trip.lossy === 0,
    })),
  );
  return found.sort((a, b) => b.many - a.many)[0];
}

export interface MappingNoticeProps {
  readonly refusal: { readonly field: string | undefined; readonly message: string } | undefined;
  /** The revision that was published since the draft was made. */
  readonly outdated: number | undefined;
  readonly worst: Worst | undefined;
  readonly onShow: (side: Side, field: string) => void;
}

/** At most one line: a refusal before an outdated draft before a loss. */
export function MappingNotice({ refusal, outdated, worst, onShow }: MappingNoticeProps): ReactNode {
  if (refusal !== undefined) {
    return (
      <Notice tone="failed" icon="failed" what={refusal.field === undefined ? 'Not published.' : `Not published: ${refusal.field}.`}>
        {refusal.message}
      </Notice>
    );
  }
  if (outdated !== undefined) {
    return (
      <Notice tone="held" icon="warn" what={`Revision r${outdated} was published meanwhile.`}>
        This draft was made on an older one and cannot be published; note your changes and discard it.
      </Notice>
    );
  }
  if (worst === undefined) return null;
  return (
    <Notice
      tone="held"
      icon="warn"
      what={
        worst.isRefused ? `Some values of ${worst.field} do not fit at ${worst.endpoint}.` : `${worst.field} is lossy at ${worst.endpoint}.`
      }
      action={
        <Figure link onPress={() => onShow(worst.side, worst.field)}>
          Show the {count(worst.many)}
        </Figure>
      }
    >
      Of {count(worst.total)} sample rows {worst.words}.{' '}
      {worst.isRefused
        ? 'Such a row keeps its value and is listed as skipped.'
        : 'The endpoint shows what fits, the record keeps the whole.'}
    </Notice>
  );
}
