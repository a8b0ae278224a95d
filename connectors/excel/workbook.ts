// An open workbook: its sheets and tables, and where the parts lie that they share.
import { posix } from 'node:path';
import type { ConnectorError } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import { nearestNames } from '../shared/nearest.ts';
import type { Container } from './container.ts';
import { openContainer } from './container.ts';
import type { Range } from './range.ts';
import { parseRange } from './range.ts';
import type { Element } from './xml.ts';
import { childOf, childrenOf, decodeEscapes, isTrue, parseXml } from './xml.ts';

export interface Sheet {
  readonly name: string;
  readonly part: string;
}

export interface TableColumn {
  readonly name: string;
  /** Every cell of it is this formula. */
  readonly formula?: string;
}

/** A named table on a sheet. */
export interface Table {
  readonly name: string;
  readonly part: string;
  readonly sheet: Sheet;
  readonly range: Range;
  readonly headerRows: number;
  readonly totalsRows: number;
  readonly columns: readonly TableColumn[];
}

export interface Workbook extends AsyncDisposable {
  readonly path: string;
  readonly container: Container;
  readonly part: string;
  readonly sheets: readonly Sheet[];
  readonly tables: readonly Table[];
  /** Days are counted from 1904 and not from 1900. */
  readonly isDate1904: boolean;
  readonly stringsPart: string | undefined;
  readonly stylesPart: string | undefined;
}

/** Refused by its name before anything is opened. */
const otherKinds: Readonly<Record<string, string>> = {
  '.xls': 'an old binary workbook (.xls)',
  '.xlt': 'an old binary template (.xlt)',
  '.xlsb': 'a binary workbook (.xlsb)',
  '.ods': 'an OpenDocument spreadsheet (.ods)',
  '.fods': 'an OpenDocument spreadsheet (.fods)',
  '.numbers': 'a Numbers document',
};

/** Opens the file and reads what it says of itself. */
export async function openWorkbook(path: string, signal: AbortSignal): Promise<Workbook> {
  const other = otherKinds[posix.extname(path).toLowerCase()];
  if (other !== undefined)
    throw connectorError(
      'unsupported',
      `${path} is ${other}, which cannot be edited in place.`,
      'Open it in its program and save it as .xlsx.',
    );
  const container = await openContainer(path);
  try {
    return await readWorkbook(container, signal);
  } catch (error) {
    await container[Symbol.asyncDispose]();
    throw error;
  }
}

async function readWorkbook(container: Container, signal: AbortSignal): Promise<Workbook> {
  const { path } = container;
  const top = await readRelations(container, '', signal);
  const part = top.find(({ type }) => type === 'officeDocument')?.target;
  if (part === undefined || !container.has(part)) throw noWorkbook(path);
  const root = parseXml(await container.text(part, signal), `${path}, part ${part},`);
  if (root.name !== 'workbook') throw noWorkbook(path);
  const relations = await readRelations(container, part, signal);
  const sheets = childrenOf(childOf(root, 'sheets'), 'sheet').flatMap((element): readonly Sheet[] => {
    const relation = relations.find(({ id }) => id === element.attributes.get('r:id'));
    // Sheets of charts and dialogs hold no rows.
    return relation?.type === 'worksheet' ? [{ name: element.attributes.get('name') ?? '', part: relation.target }] : [];
  });
  const tables: Table[] = [];
  for (const sheet of sheets) {
    for (const { type, target } of await readRelations(container, sheet.part, signal)) {
      if (type === 'table')
        tables.push(readTable(path, sheet, target, parseXml(await container.text(target, signal), `${path}, part ${target},`)));
    }
  }
  const shared = (type: string) => relations.find((relation) => relation.type === type && container.has(relation.target))?.target;
  return {
    path,
    container,
    part,
    sheets,
    tables,
    isDate1904: isTrue(childOf(root, 'workbookPr')?.attributes.get('date1904')),
    stringsPart: shared('sharedStrings'),
    stylesPart: shared('styles'),
    [Symbol.asyncDispose]: () => container[Symbol.asyncDispose](),
  };
}

function noWorkbook(path: string): ConnectorError {
  return connectorError(
    'unreadable',
    `${path} is a zip file but no Excel workbook.`,
    'Name a workbook that Excel saved as .xlsx or .xlsm.',
  );
}

/** A pointer from one part to another. */
export interface Relation {
  readonly id: string;
  /** The last word of its type: `worksheet`, `table`. */
  readonly type: string;
  readonly target: string;
}

/** Where the relations of a part are kept; '' is the package itself. */
export function relationsPart(part: string): string {
  return posix.join(posix.dirname(part === '' ? 'x' : part), '_rels', `${posix.basename(part)}.rels`);
}

async function readRelations(container: Container, part: string, signal: AbortSignal): Promise<readonly Relation[]> {
  const name = relationsPart(part);
  if (!container.has(name)) return [];
  return relationsOf(parseXml(await container.text(name, signal), `${container.path}, part ${name},`), part).map(
    ({ relation }) => relation,
  );
}

/** The relations to other parts that a part lists, each with its element. */
export function relationsOf(root: Element, part: string): readonly { readonly relation: Relation; readonly element: Element }[] {
  return childrenOf(root, 'Relationship')
    .filter(({ attributes }) => attributes.get('TargetMode') !== 'External')
    .map((element) => {
      const { attributes } = element;
      const target = (attributes.get('Target') ?? '').replaceAll('\\', '/');
      const absolute = posix.join('/', target.startsWith('/') ? target : posix.join(posix.dirname(part), target));
      const type = attributes.get('Type')?.split('/').at(-1) ?? '';
      return { element, relation: { id: attributes.get('Id') ?? '', type, target: absolute.slice(1) } };
    });
}

function readTable(path: string, sheet: Sheet, part: string, root: Element): Table {
  const { attributes } = root;
  const name = attributes.get('displayName') ?? attributes.get('name') ?? '';
  const range = parseRange(attributes.get('ref') ?? '');
  if (range === undefined)
    throw connectorError(
      'unreadable',
      `The table "${name}" of ${path} does not say which cells it has.`,
      'Open the workbook in Excel, let it be repaired, and save it.',
    );
  const columns = childrenOf(childOf(root, 'tableColumns'), 'tableColumn').map((column): TableColumn => {
    const formula = childOf(column, 'calculatedColumnFormula');
    const title = decodeEscapes(column.attributes.get('name') ?? '');
    return { name: title, ...(formula === undefined ? {} : { formula: formula.text }) };
  });
  return {
    name,
    part,
    sheet,
    range,
    headerRows: Number(attributes.get('headerRowCount') ?? 1),
    totalsRows: Number(attributes.get('totalsRowCount') ?? 0),
    columns,
  };
}

/** A sheet, or a table on one. */
export interface Dataset {
  readonly sheet: Sheet;
  readonly table?: Table;
}

/** Every dataset by its name. A table hides a sheet of the same name. */
export function datasetsOf(workbook: Workbook): ReadonlyMap<string, Dataset> {
  return new Map<string, Dataset>([
    ...workbook.sheets.map((sheet) => [sheet.name, { sheet }] as const),
    ...workbook.tables.map((table) => [table.name, { sheet: table.sheet, table }] as const),
  ]);
}

export function requireDataset(workbook: Workbook, name: string): Dataset {
  const datasets = datasetsOf(workbook);
  const dataset = datasets.get(name);
  if (dataset !== undefined) return dataset;
  const present = [...datasets.keys()];
  const near = nearestNames(name, present);
  throw connectorError(
    'not-found',
    `${workbook.path} has no sheet or table "${name}"${near.length === 0 ? '' : ` (nearest: ${near.map((each) => `"${each}"`).join(', ')})`}. ` +
      `It has: ${present.map((each) => `"${each}"`).join(', ')}.`,
    'Name a sheet or a table as it is called now under "dataset".',
  );
}
