// Connecting by drag: from a field or a column to one on the other side, with a line that follows the pointer.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { PointerEvent as ReactPointerEvent, RefObject } from 'react';

export interface Spot {
  readonly side: 'left' | 'field' | 'right';
  readonly name: string;
}

export interface Drag {
  readonly from: Spot;
  /** In pixels of the map. */
  readonly x: number;
  readonly y: number;
  readonly toX: number;
  readonly toY: number;
  readonly over: Spot | undefined;
}

/** A press that moves less than this is a click. */
const THRESHOLD_PX = 4;

/** A column and a field can be connected; two columns or two fields cannot. */
export function canConnect(a: Spot, b: Spot): boolean {
  return (a.side === 'field') !== (b.side === 'field');
}

function spotAt(x: number, y: number): Spot | undefined {
  const element = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-spot]');
  const name = element?.dataset['spot'];
  const side = element?.dataset['side'];
  return name === undefined || (side !== 'left' && side !== 'field' && side !== 'right') ? undefined : { side, name };
}

export interface Dragging {
  readonly drag: Drag | undefined;
  readonly start: (from: Spot, event: ReactPointerEvent<HTMLElement>) => void;
}

/** `map` is the box that the coordinates belong to. */
export function useDrag(map: RefObject<HTMLElement | null>, onConnect: (a: Spot, b: Spot) => void): Dragging {
  const [drag, setDrag] = useState<Drag | undefined>(undefined);
  const latest = useRef(onConnect);
  latest.current = onConnect;
  const stop = useRef<() => void>(() => undefined);
  useEffect(() => () => stop.current(), []);
  const start = useCallback(
    (from: Spot, event: ReactPointerEvent<HTMLElement>): void => {
      const box = map.current?.getBoundingClientRect();
      if (box === undefined || event.button !== 0) return;
      const row = event.currentTarget.getBoundingClientRect();
      const middle = row.left + row.width / 2;
      const x =
        (from.side === 'left' ? row.right : from.side === 'right' ? row.left : event.clientX < middle ? row.left : row.right) - box.left;
      const y = row.top + 20 - box.top;
      const [startX, startY] = [event.clientX, event.clientY];
      let over: Spot | undefined;
      let isMoving = false;
      const move = (now: PointerEvent): void => {
        isMoving ||= Math.hypot(now.clientX - startX, now.clientY - startY) > THRESHOLD_PX;
        if (!isMoving) return;
        now.preventDefault();
        const spot = spotAt(now.clientX, now.clientY);
        over = spot !== undefined && canConnect(from, spot) ? spot : undefined;
        const live = map.current?.getBoundingClientRect() ?? box;
        setDrag({ from, x, y, toX: now.clientX - live.left, toY: now.clientY - live.top, over });
      };
      const end = (isDropped: boolean) => (): void => {
        stop.current();
        setDrag(undefined);
        if (isDropped && isMoving && over !== undefined) latest.current(from, over);
      };
      const drop = end(true);
      const cancel = end(false);
      const onEscape = (key: KeyboardEvent): void => {
        if (key.key === 'Escape') cancel();
      };
      stop.current = () => {
        window.removeEventListener('pointermove', move);
        window.removeEventListener('pointerup', drop);
        window.removeEventListener('pointercancel', cancel);
        window.removeEventListener('keydown', onEscape);
      };
      window.addEventListener('pointermove', move);
      window.addEventListener('pointerup', drop);
      window.addEventListener('pointercancel', cancel);
      window.addEventListener('keydown', onEscape);
    },
    [map],
  );
  return { drag, start };
}
