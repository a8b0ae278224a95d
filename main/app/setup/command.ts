// Runs other programs: with their output shown, or with it collected.
import { type SpawnOptions, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { projectRoot } from './paths.ts';

export interface CommandResult {
  readonly code: number;
  readonly output: string;
}

/** Runs a program with its output shown here; gives its exit code (128 + signal when it was killed). */
export function show(program: string, args: readonly string[], options: SpawnOptions = {}): Promise<number> {
  return new Promise((done, failed) => {
    const child = spawn(program, args, { cwd: projectRoot, stdio: 'inherit', ...options });
    // Whoever ends this script ends what it started; a terminal's Ctrl+C reaches both by itself.
    const forward = () => void child.kill('SIGTERM');
    process.once('SIGTERM', forward);
    child.once('error', failed);
    child.once('close', (code, signal) => {
      process.off('SIGTERM', forward);
      done(exitCode(code, signal));
    });
  });
}

/** Runs a program and collects what it prints on both streams. */
export function collect(
  program: string,
  args: readonly string[],
  options: SpawnOptions & { readonly input?: string } = {},
): Promise<CommandResult> {
  return new Promise((done, failed) => {
    const { input, ...rest } = options;
    const child = spawn(program, args, { cwd: projectRoot, ...rest, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
    if (input !== undefined) child.stdin?.end(input);
    child.once('error', failed);
    child.once('close', (code, signal) => done({ code: exitCode(code, signal), output: Buffer.concat(chunks).toString('utf8') }));
  });
}

/** Whether a program of this name can be started. */
export async function isInstalled(program: string): Promise<boolean> {
  const { code } = await collect('sh', ['-c', `command -v "${program}"`]);
  return code === 0;
}

function exitCode(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}
