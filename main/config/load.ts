// Reads a configuration folder: every file, every mistake with its line, and nothing accepted that would be ignored.
import { readdir, readFile } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { z } from 'zod';
import { checkConnection, checkSync, type Connectors } from './check.ts';
import { checkSchedule } from './check-schedule.ts';
import { explain } from './explain.ts';
import { ConfigError, describePath, type ConfigIssue, type Finding } from './issue.ts';
import { normaliseConnection, normaliseSync, normaliseWorkspace } from './normalise.ts';
import { findNotYet, type FileKind } from './not-yet.ts';
import {
  connectionSchema,
  syncSchema,
  workspaceSchema,
  type Configuration,
  type ConnectionConfig,
  type SyncConfig,
  type WorkspaceConfig,
} from './schema.ts';
import { parseSource, type Source } from './source.ts';

export { ConfigError, describeIssue } from './issue.ts';
export type { Configuration } from './schema.ts';
export type { Connectors } from './check.ts';

export const endings: readonly string[] = ['.yaml', '.yml', '.json'];
const idPattern = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;

function code(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function whole(file: string, message: string): ConfigIssue {
  return { file, line: 0, column: 0, path: '', message };
}

/** Names in a folder; a folder that is not there has none. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith('.')).toSorted();
  } catch (error) {
    if (code(error) === 'ENOENT') return [];
    throw error;
  }
}

async function list(folder: string, inside: string, issues: ConfigIssue[]): Promise<readonly string[]> {
  try {
    return await namesIn(join(folder, inside));
  } catch (error) {
    issues.push(whole(inside, `cannot be read (${code(error)})`));
    return [];
  }
}

async function open(folder: string, file: string, issues: ConfigIssue[]): Promise<Source | undefined> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(join(folder, file)));
  } catch (error) {
    issues.push(
      whole(
        file,
        code(error) === 'ENOENT'
          ? 'does not exist'
          : code(error) === 'ERR_ENCODING_INVALID_ENCODED_DATA'
            ? 'is not UTF-8 text'
            : `cannot be read (${code(error)})`,
      ),
    );
    return undefined;
  }
  const parsed = parseSource(file, text);
  issues.push(...parsed.issues);
  return parsed.issues.length > 0 ? undefined : parsed.source;
}

/** Checks a file by its schema; what does not work yet is said once, as such. */
function validate<T>(kind: FileKind, schema: z.ZodType<T>, source: Source, issues: ConfigIssue[]): T | undefined {
  const later = findNotYet(kind, source.data);
  const laterPaths = new Set(later.map((finding) => describePath(finding.path)));
  const { value, findings } = explain(schema, source.data);
  issues.push(...[...later, ...findings.filter((finding) => !laterPaths.has(describePath(finding.path)))].map(source.locate));
  return value;
}

interface Loaded<T> {
  readonly id: string;
  readonly source: Source;
  readonly value: T;
}

async function loadAll<T>(
  folder: string,
  inside: string,
  kind: FileKind,
  schema: z.ZodType<T>,
  issues: ConfigIssue[],
): Promise<readonly Loaded<T>[]> {
  const seen = new Map<string, string>();
  const loaded: Loaded<T>[] = [];
  for (const name of await list(folder, inside, issues)) {
    const file = `${inside}/${name}`;
    const ending = extname(name);
    const id = basename(name, ending);
    const other = seen.get(id);
    if (!endings.includes(ending)) issues.push(whole(file, `is no configuration file; the ending must be ${endings.join(', ')}`));
    else if (!idPattern.test(id)) issues.push(whole(file, "the file's name is its id: letters, digits, _ and - only"));
    else if (other !== undefined) issues.push(whole(file, `has the same id as ${other}; keep one of them`));
    else {
      seen.set(id, file);
      const source = await open(folder, file, issues);
      const value = source === undefined ? undefined : validate(kind, schema, source, issues);
      if (source !== undefined && value !== undefined) loaded.push({ id, source, value });
    }
  }
  return loaded;
}

async function loadWorkspace(folder: string, issues: ConfigIssue[]): Promise<WorkspaceConfig> {
  const fallback: WorkspaceConfig = { name: basename(folder), defaults: {} };
  const names = (await list(folder, '.', issues)).filter((name) => endings.some((ending) => name === `kanto${ending}`));
  const [name, second] = names;
  if (name === undefined) {
    issues.push(whole('kanto.yaml', `does not exist in ${folder}; a configuration folder begins with it (name: ...)`));
    return fallback;
  }
  if (second !== undefined) issues.push(whole(second, `stands beside ${name}; keep one of them`));
  const source = await open(folder, name, issues);
  const written = source === undefined ? undefined : validate('workspace', workspaceSchema, source, issues);
  return written === undefined ? fallback : normaliseWorkspace(written);
}

/**
 * Reads and checks a configuration folder.
 * @throws ConfigError with every mistake found, each with file, line and column.
 */
export async function loadFolder(folder: string, connectors: Connectors): Promise<Configuration> {
  const root = resolve(folder);
  const issues: ConfigIssue[] = [];
  const workspace = await loadWorkspace(root, issues);
  const connectionFiles = await loadAll(root, 'connections', 'connection', connectionSchema, issues);
  const syncFiles = await loadAll(root, 'syncs', 'sync', syncSchema, issues);
  for (const name of await list(root, 'functions', issues))
    issues.push(whole(`functions/${name}`, 'not yet: transformation functions do not work yet'));
  const readable = issues.length === 0;
  const connections: Record<string, ConnectionConfig> = {};
  for (const { id, source, value } of connectionFiles) {
    const connection = normaliseConnection(value);
    connections[id] = connection;
    issues.push(...checkConnection(connection, connectors).map(source.locate));
  }
  const syncs: Record<string, SyncConfig> = {};
  for (const { id, source, value } of syncFiles) {
    const sync = normaliseSync(id, value, workspace.defaults);
    syncs[id] = sync;
    // A connection whose file is broken is not "unknown": say what is really wrong first.
    const findings = checkSync(sync, connections, connectors).filter((finding) => readable || finding.path.at(-1) !== 'connection');
    issues.push(...findings.map(source.locate));
  }
  for (const { id, source } of syncFiles) issues.push(...checkSchedule(id, syncs, connections, connectors).map(source.locate));
  if (issues.length > 0) throw new ConfigError(issues);
  return { folder: root, name: workspace.name, connections, syncs };
}

const storedSchema = z.strictObject({
  folder: z.string(),
  name: z.string(),
  connections: z.record(z.string(), connectionSchema),
  syncs: z.record(z.string(), syncSchema),
});

/**
 * Checks a whole configuration that does not come from files: what the database stored, or what an editor changed.
 * @throws ConfigError whose issues have a path but no line.
 */
export function parseConfiguration(json: unknown, connectors: Connectors): Configuration {
  const { value, findings } = explain(storedSchema, json);
  const fail = (found: readonly Finding[], prefix: readonly string[] = []) =>
    found.map((finding) => ({
      file: 'configuration',
      line: 0,
      column: 0,
      path: describePath([...prefix, ...finding.path]),
      message: finding.message,
    }));
  if (value === undefined) throw new ConfigError(fail(findings));
  const connections = Object.fromEntries(Object.entries(value.connections).map(([id, written]) => [id, normaliseConnection(written)]));
  const syncs = Object.fromEntries(Object.entries(value.syncs).map(([id, written]) => [id, normaliseSync(id, written, {})]));
  const issues = [
    ...Object.entries(connections).flatMap(([id, connection]) => fail(checkConnection(connection, connectors), ['connections', id])),
    ...Object.entries(syncs).flatMap(([id, sync]) => fail(checkSync(sync, connections, connectors), ['syncs', id])),
    ...Object.keys(syncs).flatMap((id) => fail(checkSchedule(id, syncs, connections, connectors), ['syncs', id])),
  ];
  if (issues.length > 0) throw new ConfigError(issues);
  return { folder: value.folder, name: value.name, connections, syncs };
}
