// How many sample rows come back as they were meant: a badge at the record's edge.
import type { ReactNode } from 'react';
import type { CallOutput } from '../../../preload/contract/index.ts';
import type { FieldMapping } from '../../../preload/contract/syncs.ts';
import { count } from '../../ui/format.ts';
import { Badge } from '../../ui/status.tsx';

export type RoundTrip = CallOutput<'mapping.try'>['fields'][number];

/** Rows that do not survive, in words; nothing where all do. */
export function tripWords(trip: RoundTrip): string | undefined {
  const parts = [
    trip.lossy > 0 ? `${count(trip.lossy)} change on the way` : '',
    trip.refused > 0 ? `${count(trip.refused)} are refused` : '',
  ];
  const words = parts.filter((part) => part !== '').join(', ');
  return words === '' ? undefined : words;
}

export function tripOf(trips: readonly RoundTrip[] | undefined, field: string): RoundTrip | undefined {
  return trips?.find((trip) => trip.field === field);
}

export function isLossy(trip: RoundTrip | undefined): boolean {
  return trip !== undefined && trip.lossy + trip.refused > 0;
}

export function Survival({
  mapping,
  trips,
}: {
  readonly mapping: FieldMapping | undefined;
  readonly trips: readonly RoundTrip[] | undefined;
}): ReactNode {
  if (mapping === undefined) {
    return (
      <span className="xs t3" title="not mapped at this endpoint">
        none
      </span>
    );
  }
  const trip = tripOf(trips, mapping.field);
  if (trip === undefined) return <span className="skeleton map__pending" title="trying sample rows" />;
  if (isLossy(trip)) {
    return (
      <Badge tone="held" icon="warn" title={`${count(trip.same)} of ${count(trip.total)} sample rows survive: ${tripWords(trip) ?? ''}`}>
        {count(trip.same)}
      </Badge>
    );
  }
  if (mapping.direction === 'read') {
    return (
      <Badge icon="right" title="read only: nothing is written back">
        read
      </Badge>
    );
  }
  return (
    <Badge tone="insync" icon="check" title={`${count(trip.same)} of ${count(trip.total)} sample rows survive`}>
      {count(trip.same)}
    </Badge>
  );
}
