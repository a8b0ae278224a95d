// Puts changed and new rows into the text of a sheet while it streams by; everything else goes on as it is.
import type { RowChange } from './changes.ts';
import type { Frame } from './frame.ts';
import { parseRange, showRange } from './range.ts';
import { writeRow } from './row-patch.ts';
import type { Patch } from './xml.ts';
import { attributePatch } from './xml.ts';

/** The patches of a sheet, in the order of their places. */
export function sheetPatches(frame: Frame, changes: readonly RowChange[]): readonly Patch[] {
  const ordered = [...changes].sort((a, b) => a.slot.number - b.slot.number);
  const rows = ordered.map(
    ({ slot, edits }): Patch => ({
      at: slot.at,
      length: slot.row?.raw.length ?? 0,
      text: writeRow(frame.names, slot.number, slot.row, edits),
    }),
  );
  return [...dimensionPatch(frame, ordered), ...(frame.rows.startEnd === frame.rows.end ? [openedRows(frame, rows)] : rows)];
}

/** Rows of a sheet that has none yet: its empty element opens. */
function openedRows({ head, rows }: Frame, patches: readonly Patch[]): Patch {
  const tag = head.slice(rows.start, rows.startEnd);
  const text = `${tag.slice(0, -2).trimEnd()}>${patches.map((patch) => patch.text).join('')}</${rows.tag}>`;
  return { at: rows.start, length: tag.length, text };
}

/** The used range of the sheet takes in the written cells. */
function dimensionPatch({ head, dimension }: Frame, changes: readonly RowChange[]): readonly Patch[] {
  const range = parseRange(dimension?.attributes.get('ref') ?? '');
  if (dimension === undefined || range === undefined) return [];
  let { left, top, right, bottom } = range;
  for (const { slot, edits } of changes) {
    top = Math.min(top, slot.number);
    bottom = Math.max(bottom, slot.number);
    for (const column of edits.keys()) {
      left = Math.min(left, column);
      right = Math.max(right, column);
    }
  }
  const ref = showRange({ left, top, right, bottom });
  return ref === showRange(range) ? [] : [attributePatch(head, dimension, 'ref', ref)];
}

/** The pieces of a text with patches, whose places are in ascending order. */
export async function* patchPieces(pieces: AsyncIterable<string>, patches: readonly Patch[]): AsyncGenerator<string> {
  let at = 0;
  let next = 0;
  let past = 0; // up to here the old text is copied or left out
  for await (const piece of pieces) {
    const end = at + piece.length;
    let out = '';
    for (let patch = patches[next]; patch !== undefined && patch.at < end; patch = patches[next]) {
      out += piece.slice(Math.max(0, past - at), patch.at - at) + patch.text;
      past = Math.max(past, patch.at) + patch.length;
      next += 1;
    }
    out += piece.slice(Math.max(0, past - at));
    past = Math.max(past, end);
    at = end;
    if (out !== '') yield out;
  }
}
