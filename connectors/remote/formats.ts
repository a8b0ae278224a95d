// What a file elsewhere can hold: the formats that connectors of files read and write.
import { extname } from 'node:path';
import { z } from 'zod';
import type { Capabilities, Connection, Connector, ConnectorContext } from '../contract.ts';
import { csvConfigSchema } from '../csv/config.ts';
import { csvConnector } from '../csv/connector.ts';
import { excelConnector } from '../excel/connector.ts';
import { jsonlConnector } from '../jsonl/connector.ts';

/** A connector of files that is told where the file lies. */
export interface Format {
  readonly capabilities: Capabilities;
  open(path: string, options: FormatOptions, context: ConnectorContext): Promise<Connection>;
  /** What the format does not take, in words, by option. */
  problems(options: FormatOptions): readonly { readonly option: string; readonly message: string }[];
}

const { delimiter, quote, encoding, header } = csvConfigSchema.shape;

/** What a configuration says of the format, besides where the file lies. */
export const formatShape = {
  format: z.enum(['csv', 'excel', 'jsonl']).optional().describe('What the file is; told by its extension when absent'),
  delimiter,
  quote,
  encoding,
  header: header.describe('The line or row of the header, from 1; found by itself when absent'),
} as const;

const optionsSchema = z.object(formatShape);
export type FormatOptions = Readonly<z.infer<typeof optionsSchema>>;

const optionNames = ['delimiter', 'quote', 'encoding', 'header'] as const;

function formatOf<Config>(connector: Connector<Config>): Format {
  const given = (options: FormatOptions) =>
    optionNames.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]] as const]));
  return {
    capabilities: connector.capabilities,
    open: (path, options, context) =>
      connector.open(connector.configSchema.parse({ path, ...Object.fromEntries(given(options)) }), context),
    problems: (options) =>
      given(options)
        .filter((one) => !connector.configSchema.safeParse({ path: 'file', ...Object.fromEntries([one]) }).success)
        .map(([option]) => ({ option, message: `a file of the kind "${connector.id}" takes no "${option}"` })),
  };
}

const formats = { csv: formatOf(csvConnector), excel: formatOf(excelConnector), jsonl: formatOf(jsonlConnector) } as const;

const byExtension: Readonly<Record<string, keyof typeof formats>> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.tab': 'csv',
  '.txt': 'csv',
  '.xlsx': 'excel',
  '.xlsm': 'excel',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
};

/** Undefined where neither the configuration nor the name of the file tells. */
export function findFormat(name: string, { format }: FormatOptions): Format | undefined {
  const id = format ?? byExtension[extname(name).toLowerCase()];
  return id === undefined ? undefined : formats[id];
}
