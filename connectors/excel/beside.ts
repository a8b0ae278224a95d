// Finds copies of a workbook that cloud folders put beside it when two people changed it at once.
import { readdir } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import { systemCode } from '../shared/file-errors.ts';

/** Names beside the file that look like copies of it that went their own way. */
export async function conflictCopies(path: string): Promise<readonly string[]> {
  const extension = extname(path);
  const name = basename(path, extension);
  let names: string[];
  try {
    names = await readdir(dirname(path));
  } catch (error) {
    // A folder that may be entered but not listed.
    if (systemCode(error) !== undefined) return [];
    throw error;
  }
  return names.filter((each) => isCopy(each, name, extension)).sort();
}

/** `name (1)`, `name (Ann's conflicted copy 2024-02-29)`, and OneDrive's `name-COMPUTER`, whose names of computers are in capitals. */
function isCopy(candidate: string, name: string, extension: string): boolean {
  if (!candidate.startsWith(name) || !candidate.endsWith(extension)) return false;
  const rest = candidate.slice(name.length, candidate.length - extension.length);
  return /^ \(\d+\)$/.test(rest) || /^ \([^)]*conflict[^)]*\)$/i.test(rest) || /^-[A-Z][A-Z0-9-]{2,14}(?:-\d+)?$/.test(rest);
}
