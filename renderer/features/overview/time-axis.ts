// Where a moment stands on a time axis, and which moments the axis names.

export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

export interface Tick {
  readonly at: number;
  /** 0 to 1. */
  readonly share: number;
}

/** Position of a moment, 0 at the beginning and 1 at the end of the range; held inside. */
export function shareOf(range: TimeRange, at: number): number {
  const length = range.to - range.from;
  return length <= 0 ? 0 : Math.max(0, Math.min(1, (at - range.from) / length));
}

/** `parts` equal steps of the range, both ends included. */
export function ticksOf(range: TimeRange, parts: number): Tick[] {
  return Array.from({ length: parts + 1 }, (_, index) => ({
    at: range.from + ((range.to - range.from) * index) / parts,
    share: index / parts,
  }));
}

/** A bar on the axis. One that never ended reaches the end; one wholly outside the range is absent. */
export function spanOf(
  range: TimeRange,
  started: number,
  finished: number | undefined,
): { readonly left: number; readonly width: number } | undefined {
  const end = finished ?? range.to;
  if (end < range.from || started > range.to) return undefined;
  const left = shareOf(range, started);
  return { left, width: shareOf(range, end) - left };
}

/** The next round number at or above a value, for the top of a chart: 1, 2 or 5 times a power of ten. */
export function roundUp(value: number): number {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10;
  return step * power;
}
