// The lines between a column list and the record, with the direction at the record's edge and the format on the line.
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { FieldMapping } from '../../../preload/contract/syncs.ts';
import { Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon.tsx';
import type { Direction } from './draft.ts';
import { chipText } from './formats.ts';
import { linesOf } from './lines.ts';
import type { RoundTrip } from './survival.tsx';
import { isLossy, tripOf } from './survival.tsx';

export interface GutterProps {
  readonly side: 'left' | 'right';
  readonly height: number;
  readonly columns: readonly string[];
  readonly fields: readonly string[];
  readonly mappings: readonly FieldMapping[];
  readonly trips: readonly RoundTrip[] | undefined;
  readonly current: string | undefined;
  readonly onDirection: (field: string) => void;
  readonly onOpen: (field: string) => void;
}

const words: Readonly<Record<Direction, string>> = { both: 'read and write', read: 'read only', write: 'write only' };

/** The arrow as it stands on screen: reading goes from the column to the record. */
export function directionIcon(direction: Direction, side: 'left' | 'right'): IconName {
  if (direction === 'both') return 'both';
  return (direction === 'read') === (side === 'left') ? 'right' : 'left';
}

export function Gutter({ side, height, columns, fields, mappings, trips, current, onDirection, onOpen }: GutterProps): ReactNode {
  const [hovered, setHovered] = useState<string | undefined>(undefined);
  const lines = linesOf(side, columns, fields, mappings);
  return (
    <div className={`map__gutter map__gutter--${side}`}>
      <div className="map__head map__head--gutter">
        <span className="xs t3">Format</span>
      </div>
      <div className="map__wires" style={{ height }}>
        <svg viewBox={`0 0 100 ${height}`} height={height} preserveAspectRatio="none" aria-hidden="true">
          {lines.map(({ mapping, path }) => {
            const kinds = [
              mapping.field === current || mapping.field === hovered ? 'on' : '',
              isLossy(tripOf(trips, mapping.field)) ? 'warn' : mapping.direction === 'read' ? 'ro' : '',
            ];
            return <path key={mapping.field} className={kinds.join(' ').trim()} d={path} />;
          })}
        </svg>
        {lines.map(({ mapping, fieldY, chipY }) => {
          const trip = tripOf(trips, mapping.field);
          const text = chipText(mapping);
          const isOn = mapping.field === current;
          const hover = { onPointerEnter: () => setHovered(mapping.field), onPointerLeave: () => setHovered(undefined) };
          return (
            <span key={mapping.field}>
              {text === '' && !isLossy(trip) && !isOn ? null : (
                <button
                  type="button"
                  tabIndex={-1}
                  className={`chip ${isLossy(trip) ? 'warn' : isOn ? 'on' : ''}`.trim()}
                  style={{ top: chipY }}
                  title={`Format of ${mapping.field}`}
                  onClick={() => onOpen(mapping.field)}
                  {...hover}
                >
                  {isLossy(trip) ? <Icon name="warn" /> : null}
                  <span className="clip">
                    {text === '' ? (isLossy(trip) ? (trip?.lossy === 0 ? 'refused' : 'lossy') : 'as it is') : text}
                  </span>
                </button>
              )}
              <button
                type="button"
                tabIndex={-1}
                className="chip chip--dir"
                style={{ top: fieldY }}
                title={`${words[mapping.direction]}; press to change`}
                aria-label={`${mapping.field}: ${words[mapping.direction]}`}
                onClick={() => onDirection(mapping.field)}
                {...hover}
              >
                <Icon name={directionIcon(mapping.direction, side)} />
              </button>
            </span>
          );
        })}
      </div>
    </div>
  );
}
