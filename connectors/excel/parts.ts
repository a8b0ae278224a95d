// The parts besides the sheet that a write changes: the workbook, a table that grows, and what lists the formulas.
import { connectorError } from '../shared/errors.ts';
import type { Content } from './container.ts';
import { showRange } from './range.ts';
import type { Table, Workbook } from './workbook.ts';
import { relationsOf, relationsPart } from './workbook.ts';
import type { Element, Patch } from './xml.ts';
import { attributePatch, childOf, childrenOf, isTrue, parseXml, patched, withoutElement } from './xml.ts';

/** Says before anything is written why this workbook must not be. */
export function refuseUnwritable({ path, container }: Workbook): void {
  const refuse = (what: string, remedy: string) => {
    throw connectorError('unsupported', `${path} ${what}; it was not changed.`, remedy);
  };
  if (container.names.some((name) => /^_xmlsignatures\//i.test(name)))
    refuse(
      'is digitally signed, and any change would break the signature',
      'Remove the signature in Excel (File, Info), or read this place only ("allow: []").',
    );
  if (container.names.some((name) => /^xl\/revisions\//i.test(name)))
    refuse(
      'is a shared workbook of the old kind, which keeps a log of every change',
      'Stop sharing it in Excel (Review, Share Workbook), and run again.',
    );
}

/** The changed parts by name; undefined for one that goes. */
export async function changedParts(
  workbook: Workbook,
  growth: { readonly table: Table; readonly bottom: number } | undefined,
  hasNewFormulas: boolean,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Content | undefined>> {
  const parts = new Map<string, Content | undefined>();
  const edit = async (part: string, patchesOf: (text: string, root: Element) => readonly Patch[]) => {
    const text = await workbook.container.text(part, signal);
    const patches = patchesOf(text, parseXml(text, `${workbook.path}, part ${part},`));
    if (patches.length > 0) parts.set(part, () => [patched(text, patches)]);
  };
  await edit(workbook.part, recalculated);
  if (growth !== undefined) await edit(growth.table.part, (text, root) => grown(text, root, growth.table, growth.bottom));
  if (hasNewFormulas) await dropCalculationOrder(workbook, edit, parts);
  return parts;
}

/** Elements that come after `calcPr` in a workbook. */
const afterCalculation = new Set([
  'oleSize',
  'customWorkbookViews',
  'pivotCaches',
  'smartTagPr',
  'smartTagTypes',
  'webPublishing',
  'fileRecoveryPr',
  'webPublishObjects',
  'extLst',
]);

/** Formulas that depend on what was written are computed when the workbook is opened next. */
function recalculated(text: string, root: Element): readonly Patch[] {
  const calculation = childOf(root, 'calcPr');
  if (calculation !== undefined)
    return calculation.attributes.get('fullCalcOnLoad') === '1' ? [] : [attributePatch(text, calculation, 'fullCalcOnLoad', '1')];
  const next = root.children.find(({ name }) => afterCalculation.has(name));
  const at = next?.start ?? text.lastIndexOf('</', root.end - 1);
  const prefix = root.tag.slice(0, root.tag.indexOf(':') + 1);
  return [{ at, length: 0, text: `<${prefix}calcPr fullCalcOnLoad="1"/>` }];
}

function grown(text: string, root: Element, table: Table, bottom: number): readonly Patch[] {
  const patches: Patch[] = [];
  if (bottom > table.range.bottom) {
    const ref = showRange({ ...table.range, bottom });
    patches.push(attributePatch(text, root, 'ref', ref));
    const filter = childOf(root, 'autoFilter');
    if (filter !== undefined) patches.push(attributePatch(text, filter, 'ref', ref));
  }
  // An empty table says that its one row only waits for data.
  if (isTrue(root.attributes.get('insertRow'))) patches.push(attributePatch(text, root, 'insertRow', '0'));
  return patches;
}

/** The list of formulas in the order of their computing would lack the new ones; without it, it is made anew. */
async function dropCalculationOrder(
  workbook: Workbook,
  edit: (part: string, patchesOf: (text: string, root: Element) => readonly Patch[]) => Promise<void>,
  parts: Map<string, Content | undefined>,
): Promise<void> {
  const relations = relationsPart(workbook.part);
  const gone: string[] = [];
  await edit(relations, (_, root) => {
    const order = relationsOf(root, workbook.part).filter(({ relation }) => relation.type === 'calcChain');
    gone.push(...order.map(({ relation }) => relation.target));
    return order.map(({ element }) => withoutElement(element));
  });
  if (gone.length === 0) return;
  const names = new Set(gone.map((name) => `/${name}`.toLowerCase()));
  await edit('[Content_Types].xml', (_, root) =>
    childrenOf(root, 'Override')
      .filter(({ attributes }) => names.has(attributes.get('PartName')?.toLowerCase() ?? ''))
      .map(withoutElement),
  );
  for (const name of gone) parts.set(name, undefined);
}
