// Electron the usual way: the `electron` package downloads its own binary.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { collect } from '../command.ts';

/** How long the download server may take to answer before it counts as out of reach. */
const answerTimeoutMs = 6_000;

/** The executable that the `electron` package in this folder has already downloaded, if it has. */
export async function installedElectron(packageFolder: string): Promise<string | undefined> {
  const pathFile = join(packageFolder, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const executable = join(packageFolder, 'dist', (await readFile(pathFile, 'utf8')).trim());
  return existsSync(executable) ? executable : undefined;
}

/** Whether the place that Electron is downloaded from answers within the time limit. */
export async function canDownload(version: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const base = env['ELECTRON_MIRROR'] ?? env['npm_config_electron_mirror'] ?? 'https://github.com/electron/electron/releases/download/';
  try {
    const answer = await fetch(`${base}v${version}/SHASUMS256.txt`, { method: 'HEAD', signal: AbortSignal.timeout(answerTimeoutMs) });
    return answer.ok;
  } catch {
    // No answer, for whatever reason, is the answer to the question asked here.
    return false;
  }
}

/** Lets the package download its binary. Undefined with the reason said when it cannot. */
export async function downloadElectron(packageFolder: string, say: (line: string) => void): Promise<string | undefined> {
  const { code, output } = await collect(process.execPath, [join(packageFolder, 'install.js')]);
  if (code !== 0) {
    say(`The download failed (exit ${code}): ${output.trim().split('\n').at(0) ?? ''}`);
    return undefined;
  }
  return installedElectron(packageFolder);
}
