// The published JSON Schemas of the configuration files, made from the schemas that check them.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { connectionSchema, syncSchema, workspaceSchema } from './schema.ts';
import type { Connector } from '../../connectors/contract.ts';
import type { Connectors } from './check.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

function schemaOf(schema: z.ZodType): JsonSchema {
  return { ...z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12', unrepresentable: 'any' }) };
}

/** One thing that a connector asks for, as much of its JSON Schema as forms and paths need. */
export interface ConfigProperty {
  readonly type?: string;
  /** `path`: a file of this computer. */
  readonly format?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  /** Texts that are offered: names of what comes with the connector. */
  readonly examples?: readonly unknown[];
  readonly anyOf?: readonly ConfigProperty[];
  /** What any name may hold. */
  readonly additionalProperties?: ConfigProperty | boolean;
}

interface ConfigSchema {
  readonly properties: Readonly<Record<string, ConfigProperty>>;
  readonly required: readonly string[];
}

/** What a connector asks for, in its own order. */
export function configSchemaOf({ configSchema }: Connector): ConfigSchema {
  const { properties = {}, required = [] } = schemaOf(configSchema) as Partial<ConfigSchema>;
  return { properties, required };
}

/** A connection's `config` is completed by the connector that it names. */
function connectionJsonSchema(connectors: Connectors): JsonSchema {
  const base = schemaOf(connectionSchema);
  const byConnector = Object.values(connectors).map((connector) => {
    const { $schema: _, ...config } = schemaOf(connector.configSchema);
    return { properties: { connector: { const: connector.id }, config } };
  });
  return { ...base, anyOf: byConnector };
}

/** By file name: the schema of each kind of file. */
export function jsonSchemas(connectors: Connectors): Readonly<Record<string, object>> {
  return {
    'kanto.schema.json': schemaOf(workspaceSchema),
    'connection.schema.json': connectionJsonSchema(connectors),
    'sync.schema.json': schemaOf(syncSchema),
  };
}

/** Writes the schemas into a folder; answers the names of the files. */
export async function writeJsonSchemas(folder: string, connectors: Connectors): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const schemas = Object.entries(jsonSchemas(connectors));
  for (const [name, schema] of schemas) await writeFile(join(folder, name), `${JSON.stringify(schema, null, 2)}\n`);
  return schemas.map(([name]) => name);
}
