// Exact arithmetic on canonical integers and decimals, which are digits in text.

interface Scaled {
  readonly digits: bigint;
  readonly scale: number;
}

const PLAIN = /^-?\d+(?:\.\d+)?$/;

function parse(text: string): Scaled | undefined {
  if (!PLAIN.test(text)) return undefined;
  const [whole = '', fraction = ''] = text.split('.');
  return { digits: BigInt(whole + fraction), scale: fraction.length };
}

function toScale(number: Scaled, scale: number): bigint {
  return number.digits * 10n ** BigInt(scale - number.scale);
}

function format(digits: bigint, scale: number, keptScale: number | undefined): string {
  const negative = digits < 0n;
  const text = (negative ? -digits : digits).toString().padStart(scale + 1, '0');
  const whole = text.slice(0, text.length - scale);
  const fraction = text
    .slice(text.length - scale)
    .replace(/0+$/, '')
    .padEnd(keptScale ?? 0, '0');
  return (negative ? '-' : '') + whole + (fraction === '' ? '' : `.${fraction}`);
}

/** Negative, zero or positive, as `a` is below, at or above `b`; `undefined` where one is no number. */
export function compareNumbers(a: string, b: string): number | undefined {
  const left = parse(a);
  const right = parse(b);
  if (left === undefined || right === undefined) return undefined;
  const scale = Math.max(left.scale, right.scale);
  const difference = toScale(left, scale) - toScale(right, scale);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

/** `base` plus every step from a `from` to a `to`; `undefined` where one is no number. `keptScale`: digits always kept after the point. */
export function addDeltas(base: string, deltas: readonly { from: string; to: string }[], keptScale?: number): string | undefined {
  const start = parse(base);
  if (start === undefined) return undefined;
  const parsed: { from: Scaled; to: Scaled }[] = [];
  for (const delta of deltas) {
    const from = parse(delta.from);
    const to = parse(delta.to);
    if (from === undefined || to === undefined) return undefined;
    parsed.push({ from, to });
  }
  const scale = Math.max(start.scale, ...parsed.flatMap((delta) => [delta.from.scale, delta.to.scale]));
  let total = toScale(start, scale);
  for (const delta of parsed) total += toScale(delta.to, scale) - toScale(delta.from, scale);
  return format(total, scale, keptScale);
}
