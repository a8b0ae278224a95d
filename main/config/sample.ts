// Puts the finished sample company into a workspace; the originals stay as they were installed.
import { cp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { KantoError } from '../core/model/error.ts';

/** The folder of a workspace that the sample lives in. */
export const sampleFolderName = 'sample';

/**
 * Copies the sample's files to `<workspace>/sample` and answers that folder. Where it is already there, nothing is touched: a person may have
 * worked in it. The copy appears as a whole or not at all.
 */
export async function installSample(sampleFolder: string, workspaceFolder: string): Promise<string> {
  const target = join(workspaceFolder, sampleFolderName);
  if ((await stat(join(target, 'kanto.yaml')).catch(() => undefined))?.isFile() === true) return target;
  const originals = await readdir(sampleFolder).catch((cause: unknown) => {
    throw new KantoError(
      'invalid-input',
      `The sample company is missing from the installation (${sampleFolder}).`,
      'Build or install the application again.',
      'stop-run',
      { cause },
    );
  });
  if (!originals.includes('kanto.yaml')) {
    throw new KantoError(
      'invalid-input',
      `${sampleFolder} is not a sample: it has no kanto.yaml.`,
      'Build or install the application again.',
    );
  }
  const half = `${target}.copying`;
  await rm(half, { recursive: true, force: true });
  await cp(sampleFolder, half, { recursive: true, errorOnExist: true });
  await rename(half, target);
  return target;
}
