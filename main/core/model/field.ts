// A field of a record: its type and the rules that say who may change it and what happens when several did.

/** Steps of a text field's normal form; values are compared and stored in it. */
export type NormalStep = 'trim' | 'lowercase' | 'uppercase' | 'collapse-spaces' | 'nfc';

export type ScalarType =
  | { readonly kind: 'text'; readonly normal: readonly NormalStep[] }
  | { readonly kind: 'integer' }
  /** `scale`: digits after the point that are always kept; absent: any number, compared by value. */
  | { readonly kind: 'decimal'; readonly scale?: number }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'date' }
  | { readonly kind: 'time' }
  | { readonly kind: 'datetime' }
  | { readonly kind: 'instant' }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'json' }
  | { readonly kind: 'bytes' };

export type FieldType = ScalarType | { readonly kind: 'list'; readonly of: ScalarType; readonly ordered: boolean };

export type MergeKind = 'union' | 'min' | 'max' | 'sum' | 'text';

/** One way to settle a field that several endpoints changed. Tried in order; the last word is always `manual`. */
export type Policy =
  | { readonly kind: 'newest' }
  | { readonly kind: 'priority'; readonly order: readonly string[] }
  | { readonly kind: 'merge'; readonly how: MergeKind }
  | { readonly kind: 'manual' };

/** One way to settle a field of rows that meet for the first time. */
export type FirstPolicy = { readonly kind: 'fill' } | Exclude<Policy, { readonly kind: 'merge' }>;

/** Only these endpoints may change the field; a foreign edit is put back or reported to a person. */
export interface Authority {
  readonly only: readonly string[];
  readonly otherwise: 'revert' | 'report';
}

export type FieldClass = 'public' | 'internal' | 'personal' | 'secret';

export interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly class: FieldClass;
  readonly policies: readonly Policy[];
  readonly authority?: Authority;
}
