// What may have happened to a row at each side since all sides agreed: the known truth of every generated data set.

export type Side = 'a' | 'b' | 'c';

/** `which`: the first or the second of the row's two fields that are edited. `variant`: equal variants of one field are equal values. */
export type Action =
  | { readonly kind: 'edit'; readonly which: 0 | 1; readonly variant: 1 | 2 | 3 }
  | { readonly kind: 'delete' }
  /** A row that was not there before; variant 0 is the row as generated, others differ from it in its first field. */
  | { readonly kind: 'insert'; readonly variant: 0 | 1 };

export type Actions = Readonly<Partial<Record<Side, Action>>>;

const edit = (which: 0 | 1, variant: 1 | 2 | 3 = 1): Action => ({ kind: 'edit', which, variant });
const gone: Action = { kind: 'delete' };
const added = (variant: 0 | 1 = 0): Action => ({ kind: 'insert', variant });

/** Rows that were there before. */
export const editCases = {
  'edit-a': { a: edit(0) },
  'edit-b': { b: edit(0) },
  'edit-c': { c: edit(0) },
  'other-field': { a: edit(0), b: edit(1) },
  'other-fields-three': { a: edit(0), b: edit(1), c: edit(0) },
  'same-edit': { a: edit(0), b: edit(0) },
  'same-field': { a: edit(0, 1), b: edit(0, 2) },
  'same-field-three': { a: edit(0, 1), b: edit(0, 2), c: edit(0, 3) },
  'update-delete': { a: edit(0), b: gone },
  'delete-update': { a: gone, b: edit(0) },
  'delete-a': { a: gone },
  'delete-b': { b: gone },
  'delete-c': { c: gone },
  'delete-delete': { a: gone, b: gone },
} as const satisfies Readonly<Record<string, Actions>>;

/** Rows that are new. */
export const insertCases = {
  'insert-a': { a: added() },
  'insert-b': { b: added() },
  'insert-c': { c: added() },
  'insert-same': { a: added(), b: added() },
  'insert-different': { a: added(), b: added(1) },
} as const satisfies Readonly<Record<string, Actions>>;

export type EditCase = keyof typeof editCases;
export type InsertCase = keyof typeof insertCases;
export type Case = EditCase | InsertCase;

/** How many of a million rows are of each case. */
export type Mix = Readonly<Partial<Record<Case, number>>>;

export const nothing: Mix = {};

/** About `share` of the rows are touched at each side, a fifth of them in a way that a person or a rule must look at. */
export function everyday(share: number): Mix {
  const part = (percent: number) => Math.round((share * 1_000_000 * percent) / 100);
  return {
    'edit-a': part(60),
    'edit-b': part(60),
    'other-field': part(10),
    'same-edit': part(4),
    'same-field': part(12),
    'update-delete': part(2),
    'delete-update': part(2),
    'delete-a': part(3),
    'delete-b': part(3),
    'delete-delete': part(1),
    'insert-a': part(6),
    'insert-b': part(6),
    'insert-same': part(1),
    'insert-different': part(1),
  };
}

/** Two sides that went their own ways for long: half of all changes meet a change at the other side. */
export const contested: Mix = {
  'edit-a': 10_000,
  'edit-b': 10_000,
  'other-field': 6000,
  'same-edit': 2000,
  'same-field': 10_000,
  'update-delete': 2000,
  'delete-update': 2000,
  'delete-a': 1000,
  'delete-b': 1000,
  'delete-delete': 1000,
  'insert-a': 2000,
  'insert-b': 2000,
  'insert-same': 500,
  'insert-different': 500,
};

export const threeSides: Mix = {
  'edit-a': 3000,
  'edit-b': 3000,
  'edit-c': 3000,
  'other-field': 1000,
  'same-edit': 500,
  'same-field': 1000,
  'same-field-three': 500,
  'update-delete': 300,
  'delete-update': 300,
  'delete-a': 300,
  'delete-b': 300,
  'delete-c': 300,
  'delete-delete': 200,
  'insert-a': 500,
  'insert-b': 500,
  'insert-c': 500,
};
