// Writes a configuration as a folder of files: new ones in the shortest spelling, changed ones with everything else in them left as it is.
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { KantoError } from '../core/model/error.ts';
import { endings, loadFolder, namesIn, type Connectors } from './load.ts';
import { normaliseConnection, normaliseSync, normaliseWorkspace } from './normalise.ts';
import { relocate } from './relocate.ts';
import {
  connectionSchema,
  syncSchema,
  workspaceSchema,
  type Configuration,
  type WorkspaceConfig,
  type WrittenWorkspace,
} from './schema.ts';
import { parseSource } from './source.ts';
import { writtenConnection, writtenSync } from './spelling.ts';
import { changedYaml, yamlText } from './yaml-text.ts';

export interface Exported {
  readonly folder: string;
  /** Files that are new or were changed, relative to the folder. */
  readonly written: readonly string[];
  /** Files that said the same already. */
  readonly kept: readonly string[];
  /** Files of the folder that are not in this configuration. They stay, and `apply` would bring them in. */
  readonly others: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

/** One file as it is to be: its name without its ending, what it is to mean, and how that is spelled. */
interface Wanted {
  readonly name: string;
  readonly meaning: unknown;
  readonly spelling: Json;
  /** What a file's data mean; undefined for those that are none of its kind. */
  readonly meant: (written: unknown) => unknown;
}

interface Existing {
  readonly file: string;
  readonly text: string;
  readonly data: unknown;
}

/**
 * Paths of connections are rewritten to start at the folder.
 * @throws ConfigError when the folder holds a configuration that is wrong: it is not written over; KantoError `export-failed` when it would be read
 *   otherwise than it was meant.
 */
export async function exportConfiguration(configuration: Configuration, target: string, connectors: Connectors): Promise<Exported> {
  const folder = resolve(target);
  const moved = relocate(configuration, folder, connectors);
  const existing = await readExisting(folder);
  if (existing.size > 0) await loadFolder(folder, connectors);
  const defaults = normaliseWorkspace((existing.get('kanto')?.data ?? { name: moved.name }) as WrittenWorkspace).defaults;
  const written: string[] = [];
  const kept: string[] = [];
  const wanted = filesOf(moved, defaults, existing.get('kanto')?.data);
  for (const each of wanted) {
    const before = existing.get(each.name);
    const file = before?.file ?? `${each.name}.yaml`;
    if (before !== undefined && isDeepStrictEqual(each.meant(before.data), each.meaning)) kept.push(file);
    else {
      await replaceFile(folder, file, textOf(each, file, before));
      written.push(file);
    }
  }
  const names = new Set(wanted.map(({ name }) => name));
  await checkRead(moved, connectors);
  return { folder, written, kept, others: [...existing].filter(([name]) => !names.has(name)).map(([, { file }]) => file) };
}

function filesOf(configuration: Configuration, defaults: WorkspaceConfig['defaults'], workspace: unknown): readonly Wanted[] {
  const { name, connections, syncs } = configuration;
  return [
    {
      name: 'kanto',
      meaning: { name, defaults },
      spelling: { ...(workspace as Json | undefined), name },
      meant: meaningOf(workspaceSchema, normaliseWorkspace),
    },
    ...Object.entries(connections).map(([id, connection]) => ({
      name: `connections/${id}`,
      meaning: connection,
      spelling: writtenConnection(connection) as Json,
      meant: meaningOf(connectionSchema, normaliseConnection),
    })),
    ...Object.entries(syncs).map(([id, sync]) => ({
      name: `syncs/${id}`,
      meaning: sync,
      spelling: writtenSync(id, sync, defaults) as Json,
      meant: meaningOf(syncSchema, (written) => normaliseSync(id, written, defaults)),
    })),
  ];
}

function meaningOf<Written>(schema: z.ZodType<Written>, expand: (written: Written) => unknown): (data: unknown) => unknown {
  return (data) => {
    const { success, data: written } = schema.safeParse(data);
    return success ? expand(written) : undefined;
  };
}

function textOf(wanted: Wanted, file: string, before: Existing | undefined): string {
  const { spelling, meaning } = wanted;
  if (extname(file) === '.json') return `${JSON.stringify(spelling, null, 2)}\n`;
  if (before === undefined) return yamlText(spelling);
  const ways = changedYaml(before.text, { written: before.data, meant: wanted.meant(before.data), meaning, spelling });
  return ways.find((text) => says(text, file, wanted)) ?? yamlText(spelling);
}

function says(text: string, file: string, wanted: Wanted): boolean {
  const { source, issues } = parseSource(file, text);
  return issues.length === 0 && isDeepStrictEqual(wanted.meant(source.data), wanted.meaning);
}

/** The files of a configuration folder by their names without the ending; files that are no configuration are left out. */
async function readExisting(folder: string): Promise<ReadonlyMap<string, Existing>> {
  const found = new Map<string, Existing>();
  for (const inside of ['.', 'connections', 'syncs']) {
    const entries = await namesIn(join(folder, inside)).catch((error: unknown) => {
      throw failed(`${inside} could not be read in ${folder}`, error);
    });
    for (const entry of entries) {
      const ending = extname(entry);
      const name = basename(entry, ending);
      if (!endings.includes(ending) || (inside === '.' && name !== 'kanto')) continue;
      const file = inside === '.' ? entry : `${inside}/${entry}`;
      const text = await readFile(join(folder, file), 'utf8');
      found.set(inside === '.' ? name : `${inside}/${name}`, { file, text, data: parseSource(file, text).source.data });
    }
  }
  return found;
}

/** A reader never sees half a file. */
async function replaceFile(folder: string, file: string, text: string): Promise<void> {
  const path = join(folder, file);
  const fresh = join(dirname(path), `.${basename(path)}.${process.pid}`);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(fresh, text, { flush: true });
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    throw failed(`${file} could not be written in ${folder}`, error);
  }
}

function failed(what: string, cause: unknown): KantoError {
  const { code = 'unknown' } = cause as NodeJS.ErrnoException;
  const remedy = 'Make room, allow writing there or choose another folder, and write the files again.';
  return new KantoError('export-failed', `${what} (${code}). What it said before is still there.`, remedy, 'ask-user', { cause });
}

/** What was written is read again, and must say what was meant. */
async function checkRead(wanted: Configuration, connectors: Connectors): Promise<void> {
  const read = await loadFolder(wanted.folder, connectors);
  const kinds = ['connections', 'syncs'] as const;
  const [wrong] = kinds.flatMap((kind) =>
    Object.entries(wanted[kind])
      .filter(([id, meaning]) => !isDeepStrictEqual(read[kind][id], meaning))
      .map(([id]) => `${kind}/${id}`),
  );
  if (wrong === undefined) return;
  throw new KantoError(
    'export-failed',
    `${wrong} in ${wanted.folder} does not read as it was meant.`,
    'Write into an empty folder, and compare the two.',
    'ask-user',
  );
}
