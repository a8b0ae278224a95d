// How many values were written when, stacked by kind, under the runs on the same axis.
import type { ReactNode } from 'react';
import type { CallOutput } from '../../../preload/contract/index.ts';
import { counted, count, dateTime, hourMinute } from '../../ui/format.ts';
import { roundUp, shareOf, ticksOf } from './time-axis.ts';
import type { TimeRange } from './time-axis.ts';

type Slot = CallOutput<'overview.get'>['written'][number];

const DAY_MS = 86_400_000;
const kinds = [
  { key: 'updated', title: 'Updates', tone: 'update' },
  { key: 'created', title: 'Creates', tone: 'create' },
  { key: 'deleted', title: 'Deletes', tone: 'delete' },
] as const;

const sumOf = (slot: Slot): number => slot.created + slot.updated + slot.deleted;

export function WrittenChart({ slots, range }: { readonly slots: readonly Slot[]; readonly range: TimeRange }): ReactNode {
  const total = slots.reduce((sum, slot) => sum + sumOf(slot), 0);
  const top = roundUp(Math.max(0, ...slots.map(sumOf)));
  const slotMs = slots[0] !== undefined && slots[1] !== undefined ? slots[1].at - slots[0].at : range.to - range.from;
  const width = Math.max(0.2, (slotMs / Math.max(1, range.to - range.from)) * 100);
  return (
    <>
      <div className="written">
        <div>
          <h2 className="med">Written</h2>
          <p className="xs t3">{counted(total, 'value')}</p>
          {kinds.map((kind) =>
            slots.some((slot) => slot[kind.key] > 0) ? (
              <p className="written__key xs" key={kind.key}>
                <i className={`swatch swatch--${kind.tone}`} />
                {kind.title}
              </p>
            ) : null,
          )}
        </div>
        <figure className="written__chart" aria-label={`${counted(total, 'value')} written; at most ${counted(top, 'value')} in one slot`}>
          <span className="written__top xs t3">{total === 0 ? 'nothing written' : count(top)}</span>
          {slots.map((slot) => {
            let below = 0;
            return (
              <span
                className="written__slot"
                key={slot.at}
                style={{ left: `${shareOf(range, slot.at) * 100}%`, width: `${width}%` }}
                title={`${dateTime(slot.at)}: ${count(slot.updated)} updated, ${count(slot.created)} created, ${count(slot.deleted)} deleted`}
              >
                {kinds.map((kind) => {
                  const share = (slot[kind.key] / top) * 100;
                  const bottom = below;
                  below += share;
                  return share === 0 ? null : (
                    <i key={kind.key} className={`swatch--${kind.tone}`} style={{ bottom: `${bottom}%`, height: `${share}%` }} />
                  );
                })}
              </span>
            );
          })}
        </figure>
      </div>
      <div className="axis">
        <span />
        <div>
          {ticksOf(range, 4).map((tick) => (
            <span key={tick.share} style={{ left: `${tick.share * 100}%` }}>
              {tick.share === 1 ? 'now' : range.to - range.from > DAY_MS ? dateTime(tick.at).slice(0, -3) : hourMinute(tick.at)}
            </span>
          ))}
        </div>
      </div>
    </>
  );
}
