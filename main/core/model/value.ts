// Canonical values: the one form in which the core compares, merges and stores what endpoints hold.

/**
 * A single canonical value. Text, integer (digits), decimal (plain notation), date (`2024-02-29`), time (`13:05:00`),
 * local date-time (`2024-02-29T13:05:00`), instant (UTC, `2024-02-29T12:00:00.000Z`), enumeration, JSON (keys sorted) and
 * bytes (base64) are strings in their one normal form; only booleans are not.
 */
export type Scalar = string | boolean;

/** `null` is "no value", which is not empty text. A list without order is kept sorted and without doubles. */
export type Value = null | Scalar | readonly Scalar[];

/** Canonical values by field name. A field that is missing is unknown, which is not `null`. */
export type Values = Readonly<Record<string, Value>>;

/** Equality of canonical values. Because each type has one normal form, this is exact for every type. */
export function equalValues(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  return a.every((item, index) => item === b[index]);
}

/** No value, empty text or an empty list: what a person calls blank. */
export function isBlank(value: Value | undefined): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}
