// What a row of a plan says: its kind in words, its fields, what may be ticked.
import type { ItemKind, Plan, PlanItem } from '../../../preload/contract/runs.ts';
import type { WireValue } from '../../../preload/contract/values.ts';
import type { IconName } from '../../ui/icon.tsx';
import type { Tone } from '../../ui/status.tsx';
import { kindWord } from '../../shell/words.ts';

export interface KindWords {
  readonly kind: ItemKind;
  readonly one: string;
  readonly many: string;
  readonly icon: IconName;
  readonly tone: Tone;
}

function words(kind: ItemKind, many: string): KindWords {
  return { kind, one: kindWord[kind].word, many, icon: kindWord[kind].icon, tone: kindWord[kind].tone };
}

/** In the order of the columns and facets. */
export const kinds: readonly KindWords[] = [
  words('create', 'Creates'),
  words('update', 'Updates'),
  words('delete', 'Deletes'),
  words('conflict', 'Conflicts'),
  words('withheld', 'Withheld'),
  words('skip', 'Skipped'),
];

export function wordsOf(kind: ItemKind): KindWords {
  return kinds.find((entry) => entry.kind === kind) ?? words(kind, kind);
}

/** Only writes can be ticked; the rest is there to be seen. */
export function isWrite(kind: ItemKind): kind is 'create' | 'update' | 'delete' {
  return kind === 'create' || kind === 'update' || kind === 'delete';
}

export function writesOf(together: Plan['together']): number {
  return together.create + together.update + together.delete;
}

export function itemsOf(together: Plan['together']): number {
  return kinds.reduce((sum, { kind }) => sum + together[kind], 0);
}

/** What is done, or would be done if the item were not withheld. */
function deed(item: PlanItem): 'create' | 'update' | 'delete' | undefined {
  return isWrite(item.kind) ? item.kind : item.wouldBe;
}

/** What an endpoint wants in a conflict stands under `field @ endpoint`. */
const SIDE = ' @ ';

function fieldName(key: string, item: PlanItem): string {
  const at = item.kind === 'conflict' ? key.lastIndexOf(SIDE) : -1;
  return at < 0 ? key : key.slice(0, at);
}

/** Names of the fields that the item is about, in the order in which they came. */
export function fieldsOf(item: PlanItem): string[] {
  return [...new Set([...Object.keys(item.before), ...Object.keys(item.after).map((key) => fieldName(key, item))])];
}

/** What each side of a conflict holds for a field. */
export function sidesOf(item: PlanItem, field: string): { readonly endpoint: string; readonly value: WireValue }[] {
  const start = `${field}${SIDE}`;
  return Object.entries(item.after).flatMap(([key, value]) =>
    key.startsWith(start) ? [{ endpoint: key.slice(start.length), value }] : [],
  );
}

/** Where the item writes, or between whom the conflict is. */
export function whereOf(item: PlanItem): string {
  if (item.kind !== 'conflict') return item.endpoint;
  const sides = new Set(
    Object.keys(item.after).flatMap((key) => (key.includes(SIDE) ? [key.slice(key.lastIndexOf(SIDE) + SIDE.length)] : [])),
  );
  return sides.size < 2 ? item.endpoint : `${sides.size} endpoints`;
}

/** The field that the row shows: the filtered one where it is among them, else the first. */
export function leadField(item: PlanItem, wanted: string): string | undefined {
  const fields = fieldsOf(item);
  return fields.includes(wanted) ? wanted : fields[0];
}

/** The words of the Field column. */
export function fieldWords(item: PlanItem, wanted: string): string {
  const fields = fieldsOf(item);
  const lead = leadField(item, wanted);
  if (deed(item) === 'delete' || lead === undefined) return 'record';
  if (deed(item) === 'create') return fields.length === 1 ? lead : `${fields.length} fields`;
  if (item.kind === 'conflict' && fields.length > 1 && wanted === '') return `${fields.length} fields`;
  return fields.length === 1 ? lead : `${lead} +${fields.length - 1}`;
}

/** What the row's "Before → after" shows. */
export type RowChange =
  | { readonly kind: 'change'; readonly before: WireValue | undefined; readonly after: WireValue | undefined }
  | { readonly kind: 'values'; readonly values: readonly WireValue[] }
  | { readonly kind: 'words'; readonly words: string };

export function changeOf(item: PlanItem, wanted: string): RowChange {
  if (item.kind === 'conflict') return { kind: 'words', words: 'held, the rest of the record goes on' };
  const lead = leadField(item, wanted);
  if (deed(item) === 'create') return { kind: 'values', values: Object.values(item.after) };
  if (deed(item) === 'delete')
    return Object.keys(item.before).length === 0
      ? { kind: 'words', words: 'the whole record' }
      : { kind: 'values', values: Object.values(item.before) };
  if (lead === undefined) return { kind: 'words', words: item.key.join(', ') };
  if (item.kind === 'skip') return { kind: 'words', words: 'left as it is' };
  return { kind: 'change', before: item.before[lead], after: item.after[lead] };
}

/** Why nothing can be approved, for the button. */
export function approveRefusal(ticked: number, writes: number): string | undefined {
  if (writes === 0) return 'This plan writes nothing: every endpoint already holds what it should.';
  return ticked === 0 ? 'Nothing is ticked: tick at least one operation.' : undefined;
}
