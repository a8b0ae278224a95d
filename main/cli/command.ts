// What every command of `kanto` shares: options, session, error to exit code.
import { resolve } from 'node:path';
import { toProblem } from '../engine/errors.ts';
import { ConfigError, describeIssue } from '../config/load.ts';
import { exitOfError, type ExitCode } from './exit-codes.ts';
import { createOutput, errorText, type Output, type Streams } from './output.ts';
import { AskError, openSession, type Session } from './session.ts';

export interface GlobalOptions {
  readonly workspace: string;
  readonly json: boolean;
}

export interface CommandContext {
  readonly options: GlobalOptions;
  readonly output: Output;
  readonly streams: Streams;
  /** Opens the workspace, does the work, closes it whatever happens. */
  withSession<T>(work: (session: Session) => Promise<T>, create?: boolean): Promise<T>;
}

/** Runs a command's work and answers its exit code; errors are printed once, with what to do. */
export async function runCommand(
  streams: Streams,
  options: GlobalOptions,
  subject: string,
  work: (context: CommandContext) => Promise<ExitCode>,
): Promise<ExitCode> {
  const output = createOutput(streams, options.json);
  const context: CommandContext = {
    options,
    output,
    streams,
    async withSession(use, create = false) {
      await using session = await openSession(options.workspace, { create, streams });
      return await use(session);
    },
  };
  try {
    return await work(context);
  } catch (error) {
    const problem = error instanceof AskError ? error.problem : toProblem(error);
    const code = exitOfError(problem.code);
    const issues = error instanceof ConfigError ? error.issues : undefined;
    const where = `kanto ${subject}, workspace ${resolve(options.workspace)}`;
    if (options.json) output.result({ error: { ...problem, ...(issues === undefined ? {} : { issues }) } }, () => '');
    if (issues !== undefined) for (const issue of issues) output.note(describeIssue(issue));
    output.note(
      errorText(
        issues === undefined ? problem : { ...problem, message: `The configuration is not valid: ${issues.length} to correct.` },
        where,
      ),
    );
    if (problem.code === 'internal' && problem.detail !== undefined) output.note(problem.detail);
    return code;
  }
}
