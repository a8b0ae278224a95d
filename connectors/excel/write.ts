// Writes a request to a workbook: surveys the sheet, decides, writes a new file beside the old one, and puts that in its place.
import type { ConnectorContext, WriteRequest, WriteResult } from '../contract.ts';
import { wantedOf } from '../shared/decide.ts';
import { throwIfCancelled } from '../shared/errors.ts';
import { replaceFile, startingOver, unlessOverwritten } from '../shared/rewrite.ts';
import type { Changes } from './changes.ts';
import { decideRows } from './changes.ts';
import type { ExcelConfig } from './config.ts';
import type { Content } from './container.ts';
import type { Layout } from './layout.ts';
import { readLayout } from './layout.ts';
import { changedParts, refuseUnwritable } from './parts.ts';
import { createRowView } from './rows.ts';
import { patchPieces, sheetPatches } from './sheet-patch.ts';
import { survey } from './survey.ts';
import type { Workbook } from './workbook.ts';
import { openWorkbook, requireDataset } from './workbook.ts';

/** Runs the operations; see `Connection.write`. */
export async function writeExcel(
  path: string,
  config: ExcelConfig,
  request: WriteRequest,
  context: ConnectorContext,
): Promise<readonly WriteResult[]> {
  throwIfCancelled(request.signal, `Writing to ${path}`);
  if (request.operations.length === 0) return [];
  return startingOver(path, async (real) => {
    await using workbook = await openWorkbook(real, request.signal);
    return await unlessOverwritten(real, workbook.container.stats, () => rewrite(workbook, config, request, context));
  });
}

async function rewrite(
  workbook: Workbook,
  config: ExcelConfig,
  request: WriteRequest,
  context: ConnectorContext,
): Promise<readonly WriteResult[] | undefined> {
  const { ref, operations, columns, signal } = request;
  const { path, container } = workbook;
  refuseUnwritable(workbook);
  const layout = await readLayout(workbook, requireDataset(workbook, ref.dataset), config, signal);
  const written = new Set(operations.flatMap(({ set }) => Object.keys(set)));
  const view = createRowView(layout, ref.key, columns, [...written]);
  const creates = operations.filter(({ kind }) => kind === 'create').length;
  const found = await survey(workbook, layout, view, wantedOf(ref, operations), ref.key.length, creates, signal);
  const changes = await decideRows({ path, layout, ref, wanted: columns, survey: found, uuid: context.uuid }, operations);
  if (changes.rows.length === 0) return changes.results;
  const parts = await partsOf(workbook, layout, changes, signal);
  const isReplaced = await replaceFile(path, container.stats, context, signal, (file) => container.copyTo(file, parts, signal));
  return isReplaced ? changes.results : undefined;
}

async function partsOf(
  workbook: Workbook,
  { frame, table }: Layout,
  { rows, hasNewFormulas }: Changes,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Content | undefined>> {
  const bottom = Math.max(...rows.map(({ slot }) => slot.number));
  const growth = table === undefined ? undefined : { table, bottom };
  const parts = await changedParts(workbook, growth, hasNewFormulas, signal);
  const patches = sheetPatches(frame, rows);
  const sheet = () => patchPieces(workbook.container.pieces(frame.sheet.part, signal), patches);
  return new Map([...parts, [frame.sheet.part, sheet]]);
}
