// Exact decimal numbers as text: reading notations into the one plain form, without ever passing through a float.

/** Longest plain notation that is written out, in digits; a larger exponent is refused rather than filling the memory. */
export const maxDigits = 1000;

const notation = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/;

/**
 * The plain form of a number in `-12.5e3` notation: no exponent, no leading or trailing zeros, no plus, `0` for minus zero. Nothing
 * when the text is no such number or would need more than 1,000 digits.
 */
export function plainDecimal(text: string): string | undefined {
  const match = notation.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  const significant = digits.replace(/^0+/, '');
  if (significant === '') return '0';
  if (Math.max(point, digits.length - point, digits.length) > maxDigits) return undefined;
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0');
  const split = Math.max(point, 1);
  const integer = padded.slice(0, split).replace(/^0+(?=\d)/, '');
  const rest = padded.slice(split).replace(/0+$/, '');
  return `${sign === '-' ? '-' : ''}${integer}${rest === '' ? '' : `.${rest}`}`;
}

/** The plain form of a float through its shortest notation; nothing for what is not finite. */
export function plainNumber(value: number): string | undefined {
  if (Number.isSafeInteger(value)) return String(value);
  return Number.isFinite(value) ? plainDecimal(String(value)) : undefined;
}

/** A plain decimal with exactly `scale` digits after the point; nothing when it has more that are not zero. */
export function withScale(plain: string, scale: number | undefined): string | undefined {
  if (scale === undefined) return plain;
  const [whole = '', fraction = ''] = plain.split('.');
  if (fraction.length > scale) return undefined;
  return scale === 0 ? whole : `${whole}.${fraction.padEnd(scale, '0')}`;
}
