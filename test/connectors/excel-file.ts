// Workbooks made by hand in a temporary folder, part by part, with an open connection, for the tests of what is special to them.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader, ZipWriter } from '@zip.js/zip.js';
import { onTestFinished } from 'vitest';
import { createContext } from '../../connectors/conformance/describe-connector.ts';
import { neverAborted } from '../../connectors/conformance/tools.ts';
import type {
  ConnectorContext,
  DatasetSchema,
  NativeSet,
  ReadPage,
  RowProblem,
  TestReport,
  WriteOperation,
  WriteResult,
} from '../../connectors/contract.ts';
import type { ExcelConfig } from '../../connectors/excel/config.ts';
import { excelConnector } from '../../connectors/excel/connector.ts';
import { byName } from '../../connectors/shared/named.ts';

export const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packageNamespace = 'http://schemas.openxmlformats.org/package/2006';

export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** A cell with a text of its own. */
export function inline(text: string, attributes = ''): string {
  return `<c ${attributes} t="inlineStr"><is><t xml:space="preserve">${escapeXml(text)}</t></is></c>`;
}

/** A sheet with these rows, and what stands before and after them. */
export function sheetXml(rows: string, before = '', after = ''): string {
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="${main}" xmlns:r="${office}">${before}<sheetData>${rows}</sheetData>${after}</worksheet>`;
}

export interface Extras {
  /** What stands in the workbook part before the sheets, and after them. */
  readonly before?: string;
  readonly after?: string;
  readonly styles?: string;
  readonly strings?: string;
  /** Tables by the sheet they are on. */
  readonly tables?: Readonly<Record<string, string>>;
  /** Other parts by name, or other contents of those above. */
  readonly parts?: Readonly<Record<string, string | Uint8Array>>;
}

function contentTypes(parts: readonly (readonly [name: string, kind: string])[]): string {
  const overrides = parts.map(
    ([name, kind]) =>
      `<Override PartName="/${name}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${kind}+xml"/>`,
  );
  const rels = `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`;
  return `<Types xmlns="${packageNamespace}/content-types">${rels}<Default Extension="xml" ContentType="application/xml"/>${overrides.join('')}</Types>`;
}

/** The parts of a workbook with these sheets by name. */
export function packageParts(sheets: Readonly<Record<string, string>>, extras: Extras): Readonly<Record<string, string | Uint8Array>> {
  const names = Object.keys(sheets);
  const tables = Object.entries(extras.tables ?? {});
  const relation = (id: string, type: string, target: string) => `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`;
  const relations = (content: string) => `<Relationships xmlns="${packageNamespace}/relationships">${content}</Relationships>`;
  return {
    '[Content_Types].xml': contentTypes([
      ['xl/workbook.xml', 'sheet.main'],
      ...names.map((_, at) => [`xl/worksheets/sheet${at + 1}.xml`, 'worksheet'] as const),
      ...tables.map((_, at) => [`xl/tables/table${at + 1}.xml`, 'table'] as const),
      ...(extras.styles === undefined ? [] : [['xl/styles.xml', 'styles'] as const]),
      ...(extras.strings === undefined ? [] : [['xl/sharedStrings.xml', 'sharedStrings'] as const]),
    ]),
    '_rels/.rels': relations(relation('rId1', 'officeDocument', 'xl/workbook.xml')),
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${office}">${extras.before ?? ''}<sheets>${names
      .map((name, at) => `<sheet name="${escapeXml(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`)
      .join('')}</sheets>${extras.after ?? ''}</workbook>`,
    'xl/_rels/workbook.xml.rels': relations(
      names.map((_, at) => relation(`rId${at + 1}`, 'worksheet', `worksheets/sheet${at + 1}.xml`)).join('') +
        (extras.styles === undefined ? '' : relation('rIdS', 'styles', 'styles.xml')) +
        (extras.strings === undefined ? '' : relation('rIdT', 'sharedStrings', '/xl/sharedStrings.xml')),
    ),
    ...Object.fromEntries(names.map((name, at) => [`xl/worksheets/sheet${at + 1}.xml`, sheets[name] ?? ''])),
    ...Object.fromEntries(
      tables.flatMap(([sheet, table], at) => [
        [
          `xl/worksheets/_rels/sheet${names.indexOf(sheet) + 1}.xml.rels`,
          relations(relation('rId1', 'table', `../tables/table${at + 1}.xml`)),
        ],
        [`xl/tables/table${at + 1}.xml`, table],
      ]),
    ),
    ...(extras.styles === undefined ? {} : { 'xl/styles.xml': `<styleSheet xmlns="${main}">${extras.styles}</styleSheet>` }),
    ...(extras.strings === undefined ? {} : { 'xl/sharedStrings.xml': `<sst xmlns="${main}">${extras.strings}</sst>` }),
    ...extras.parts,
  };
}

/** A workbook as bytes. */
export async function packageOf(sheets: Readonly<Record<string, string>>, extras: Extras = {}): Promise<Uint8Array> {
  const zip = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false, level: 1 });
  for (const [name, content] of Object.entries(packageParts(sheets, extras))) {
    await zip.add(name, new Uint8ArrayReader(typeof content === 'string' ? Buffer.from(content) : content));
  }
  return zip.close();
}

/** The parts of a workbook: `compressed` as they lie in the file, or their content. */
export async function partsIn(bytes: Uint8Array, compressed: boolean): Promise<ReadonlyMap<string, Buffer>> {
  const zip = new ZipReader(new Uint8ArrayReader(bytes), { useWebWorkers: false });
  const parts = new Map<string, Buffer>();
  for (const entry of await zip.getEntries()) {
    if (!entry.directory) parts.set(entry.filename, Buffer.from(await entry.getData(new Uint8ArrayWriter(), { passThrough: compressed })));
  }
  return parts;
}

export interface ExcelFile {
  readonly folder: string;
  readonly path: string;
  bytes(): Promise<Buffer>;
  part(name: string): Promise<string>;
  test(): Promise<TestReport>;
  datasets(): Promise<readonly string[]>;
  describe(dataset?: string): Promise<DatasetSchema>;
  read(
    columns: readonly string[],
    more?: { readonly dataset?: string; readonly key?: readonly string[] },
  ): Promise<{ readonly keys: readonly string[]; readonly rows: readonly NativeSet[]; readonly problems: readonly RowProblem[] }>;
  write(
    operations: readonly WriteOperation[],
    more?: { readonly dataset?: string; readonly columns?: readonly string[]; readonly key?: readonly string[]; readonly newKey?: 'next' },
  ): Promise<readonly WriteResult[]>;
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kanto-excel-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Makes `book.xlsx`; the dataset is `Sheet1` and the key column is `id` unless told. */
export async function excelFile(content: Uint8Array, config: Partial<ExcelConfig> = {}, name = 'book.xlsx'): Promise<ExcelFile> {
  const folder = await temporaryFolder();
  const path = join(folder, name);
  await writeFile(path, content);
  return openFile(folder, path, config);
}

export async function openFile(
  folder: string,
  path: string,
  config: Partial<ExcelConfig> = {},
  context?: ConnectorContext,
): Promise<ExcelFile> {
  const connection = await excelConnector.open({ path, ...config }, context ?? createContext(folder, join(folder, 'backups')));
  const bytes = () => readFile(path);
  return {
    folder,
    path,
    bytes,
    part: async (part) => (await partsIn(await bytes(), false)).get(part)?.toString() ?? '',
    test: () => connection.test(neverAborted()),
    datasets: async () => (await connection.datasets(neverAborted())).map(({ name }) => name),
    describe: (dataset = 'Sheet1') => connection.describe(dataset, neverAborted()),
    async read(columns, { dataset = 'Sheet1', key = ['id'] } = {}) {
      const pages: ReadPage[] = [];
      for await (const page of connection.read({ ref: { dataset, key }, columns, signal: neverAborted() })) pages.push(page);
      return {
        keys: pages.flatMap((page) => page.keys.map((parts) => parts.join('/'))),
        rows: pages.flatMap((page) => page.rows.map((row) => byName(columns, row))),
        problems: pages.flatMap((page) => page.problems),
      };
    },
    write: (operations, { dataset = 'Sheet1', columns = ['id'], key = ['id'], newKey } = {}) =>
      connection.write({
        ref: { dataset, key, ...(newKey === undefined ? {} : { newKey }) },
        columns,
        operations,
        signal: neverAborted(),
      }),
  };
}
