// The head of a conflict: whose it is, since when, how much is decided, and the way to its neighbours.
import type { ReactNode } from 'react';
import { IconButton } from '../../ui/button.tsx';
import { count, dateTime } from '../../ui/format.ts';
import { Badge } from '../../ui/status.tsx';
import type { Detail } from './use-details.ts';

export interface RecordHeadProps {
  readonly detail: Detail;
  /** Among the conflicts alike, from 1. */
  readonly place: { readonly at: number; readonly of: number } | undefined;
  readonly contested: number;
  readonly decided: number;
  readonly onStep: (by: number) => void;
}

export function RecordHead({ detail, place, contested, decided, onStep }: RecordHeadProps): ReactNode {
  const isFields = detail.kind === 'fields';
  return (
    <div className="record-head">
      <div className="grow">
        <div className="row">
          <h2 className="clip">{detail.label}</h2>
          {isFields ? (
            <Badge tone="conflict" icon="conflict">
              {contested} contested
            </Badge>
          ) : (
            <Badge tone="conflict">{detail.kind === 'match' ? 'Ambiguous match' : 'Update against delete'}</Badge>
          )}
          {decided === 0 ? null : <Badge>{isFields ? `${decided} decided` : 'decided'}</Badge>}
        </div>
        <div className="record-head__meta">
          {detail.record === undefined ? null : <span className="v">{detail.record}</span>}
          <span className="nowrap">since {dateTime(detail.since)}</span>
          <span className="clip">{detail.detail}</span>
        </div>
      </div>
      {place === undefined ? null : (
        <span className="hint num hide-m">
          {count(place.at)} of {count(place.of)} alike
        </span>
      )}
      <span className="btngroup">
        <IconButton icon="left" label="Record before" small kind="plain" onPress={() => onStep(-1)} />
        <IconButton icon="right" label="Next record" small kind="plain" onPress={() => onStep(1)} />
      </span>
    </div>
  );
}
