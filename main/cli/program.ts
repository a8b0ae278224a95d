// The commands of `kanto` and their options, as the command line shows them.
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { runCommand, type CommandContext, type GlobalOptions } from './command.ts';
import { audit } from './commands/audit.ts';
import { apply, check, exportFiles, init } from './commands/configuration.ts';
import { list, resolve, type ResolveOptions } from './commands/conflicts.ts';
import { discardLetters, listLetters, retryLetters, type RetryOptions, type WhichLetters } from './commands/dead-letters.ts';
import { listDrift, resolveDrift, type DriftAnswer } from './commands/drift.ts';
import { runs, show, status } from './commands/look.ts';
import { login } from './commands/login.ts';
import { plan } from './commands/plan.ts';
import { run } from './commands/run.ts';
import { undo } from './commands/undo.ts';
import { simulate, type SimulateOptions } from './commands/simulate.ts';
import { verify } from './commands/verify.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { watch } from './commands/watch.ts';
import type { Streams } from './output.ts';

/** Commands that the language has and this version does not. */
const later: readonly (readonly [name: string, what: string])[] = [['trace', 'the path of a record']];

function whole(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) < 1 || !Number.isSafeInteger(Number(text)))
    throw new InvalidArgumentError('It must be a whole number above 0.');
  return Number(text);
}

function wholeOrZero(text: string): number {
  return text === '0' ? 0 : whole(text);
}

const wholes = (text: string, before: readonly number[] = []): readonly number[] => [...before, whole(text)];

const collect = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

/** Runs one command line and answers its exit code. Prints nothing but what the command says. */
export async function runProgram(args: readonly string[], streams: Streams): Promise<ExitCode> {
  let exit: ExitCode = exitCodes.complete;
  const program = new Command('kanto')
    .description('Keeps records the same in several places.')
    .option('--workspace <dir>', 'the folder that holds the encrypted state', '.')
    .option('--json', 'print one JSON document on standard output', false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => void streams.stdout.write(text), writeErr: (text) => void streams.stderr.write(text) })
    .showHelpAfterError('(kanto --help lists the commands)');

  /** The action of a command: its own arguments come first. */
  const act =
    <Args extends unknown[]>(subject: (...args: Args) => string, work: (context: CommandContext, ...args: Args) => Promise<ExitCode>) =>
    async (...args: Args) => {
      const { workspace, json } = program.opts<GlobalOptions>();
      exit = await runCommand(streams, { workspace, json }, subject(...args), (context) => work(context, ...args));
    };
  /** Global options may stand after the command too. */
  const command = (parent: Command, name: string, description: string) => {
    const made = parent.command(name).description(description);
    made
      .option('--workspace <dir>', 'the folder that holds the encrypted state')
      .option('--json', 'print one JSON document on standard output');
    made.hook('preAction', (_, actionCommand) => {
      const own = actionCommand.opts<Partial<GlobalOptions>>();
      if (own.workspace !== undefined) program.setOptionValue('workspace', own.workspace);
      if (own.json === true) program.setOptionValue('json', true);
    });
    return made;
  };

  command(program, 'init', 'create a workspace')
    .option('--sample', 'with the sample company', false)
    .action(act((_options: { sample: boolean }) => 'init', init));
  command(program, 'check [folder]', 'validate configuration and run its examples; touches no system')
    .option('--schema <dir>', 'write the JSON Schemas of the files there')
    .action(act((folder: string | undefined, _options: { schema?: string }) => `check ${folder ?? ''}`.trim(), check));
  command(program, 'apply <folder>', "make the configuration the workspace's new revision")
    .option('--leave-logs', 'forget logs of changes that systems keep for nobody and cannot be asked to end', false)
    .action(act((folder: string, _options: { leaveLogs: boolean }) => `apply ${folder}`, apply));
  command(program, 'export <folder>', 'write the configuration as files; what they say already stays as it is')
    .option('--revision <n>', 'an earlier one', whole)
    .action(act((folder: string, _options: { revision?: number }) => `export ${folder}`, exportFiles));
  command(program, 'login <connection>', 'sign in to a connection in a browser; the workspace keeps the token').action(
    act((connection: string) => `login ${connection}`, login),
  );
  command(program, 'plan <sync>', 'read and decide; writes nothing')
    .option('--full', 'read everything, also where a cursor would do')
    .option('--out <file>', 'write the plan to a file')
    .option('--read <file>', 'show the plan of a file instead, whole')
    .action(act((sync: string, _options: { full?: boolean; out?: string; read?: string }) => `plan ${sync}`, plan));
  command(program, 'run <sync>', 'plan and apply inside the limits')
    .option('--plan <file>', 'do only what this plan says')
    .option('--full', 'read everything, also where a cursor would do')
    .option('--approve <kind[=n]>', 'lift one limit up to n: deletes=120, updates=2000 or cells=500', collect, [])
    .action(act((sync: string, _options: { plan?: string; full?: boolean; approve: readonly string[] }) => `run ${sync}`, run));
  command(program, 'undo', 'take back what a finished run wrote')
    .argument('<run>', 'its number', whole)
    .option('--plan-only', 'only say what would be taken back')
    .action(act((id: number, _options: { planOnly?: boolean }) => `undo ${id}`, undo));
  command(program, 'verify <sync>', 'compare all endpoints now').action(act((sync: string) => `verify ${sync}`, verify));
  command(program, 'audit <sync>', 'whether reading only what changed misses something').action(
    act((sync: string) => `audit ${sync}`, audit),
  );
  command(program, 'simulate <sync>', 'try the configuration on places in memory that fail; touches no real data')
    .option('--faults <names>', 'all, none, or names with commas between them', 'all')
    .option('--seed <n>', 'of the first history', wholeOrZero, 1)
    .option('--histories <n>', 'how many', whole, 100)
    .option('--rows <n>', 'records that a history begins with', wholeOrZero, 10)
    .option('--sample', 'begin with real rows, personal and secret values masked')
    .action(act((sync: string, _options: SimulateOptions) => `simulate ${sync}`, simulate));
  command(program, 'status', 'what is').action(act(() => 'status', status));
  command(program, 'runs', 'what was')
    .option('--sync <sync>', 'only of this sync')
    .option('--limit <n>', 'at most so many', whole, 50)
    .action(act((_options: { sync?: string; limit: number }) => 'runs', runs));
  program.commands.find((one) => one.name() === 'runs')?.alias('history');
  command(program, 'show', 'one run')
    .argument('<run>', 'its number', whole)
    .action(act((id: number) => `show ${id}`, show));

  command(program, 'watch', 'run syncs by their schedules and triggers until stopped')
    .option('--once', 'only what is due now')
    .action(act((_options: { once?: boolean }) => 'watch', watch));

  const conflicts = program.command('conflicts').description('what waits for a person');
  command(conflicts, 'list [sync]', 'open conflicts').action(
    act((sync: string | undefined) => `conflicts list ${sync ?? ''}`.trim(), list),
  );
  command(conflicts, 'resolve', 'decide one')
    .argument('<id>', 'its number', whole)
    .option('--field <field>', 'the contested field')
    .option('--take <side>', 'an endpoint, or base')
    .option('--value <json>', 'a value of your own')
    .option('--keep', 'the record lives')
    .option('--delete', 'the record is deleted everywhere')
    .option('--together <endpoint:key...>', 'these rows are one record; the others get their own')
    .action(act((id: number, _options: ResolveOptions) => `conflicts resolve ${id}`, resolve));

  const deadLetters = program.command('dead-letters').description('what a place refused');
  command(deadLetters, 'list [sync]', 'dead letters with their payload and reason')
    .option('--discarded', 'those that a person discarded')
    .action(act((sync: string | undefined, _options: { discarded?: boolean }) => `dead-letters list ${sync ?? ''}`.trim(), listLetters));
  const which = (made: Command) =>
    made.option('--alike <id>', 'all that failed like this one', whole).option('--sync <sync>', 'all of a sync');
  which(command(deadLetters, 'retry', 'try them again now, after an edit if one is given').argument('[id...]', 'their numbers', wholes, []))
    .option('--field <field>', 'the field to edit')
    .option('--value <json>', 'its value, which becomes the agreed one')
    .action(act((ids: readonly number[], _options: RetryOptions) => `dead-letters retry ${ids.join(' ')}`.trim(), retryLetters));
  which(command(deadLetters, 'discard', 'leave them for good').argument('[id...]', 'their numbers', wholes, []))
    .requiredOption('--reason <text>', 'why; it is kept')
    .action(
      act(
        (ids: readonly number[], _options: WhichLetters & { reason: string }) => `dead-letters discard ${ids.join(' ')}`.trim(),
        discardLetters,
      ),
    );

  const drift = program.command('drift').description('columns that are gone from a place');
  command(drift, 'list [sync]', 'mapped columns that are not there any more').action(
    act((sync: string | undefined) => `drift list ${sync ?? ''}`.trim(), listDrift),
  );
  command(drift, 'resolve <sync> <endpoint> <field>', 'say what shall be instead')
    .option('--map <column>', 'the field is in this column now')
    .option('--ignore', 'take the mapping out')
    .option('--pause', 'leave the field out there, and ask no more')
    .action(
      act(
        (sync: string, endpoint: string, field: string, _options: DriftAnswer) => `drift resolve ${sync} ${endpoint} ${field}`,
        resolveDrift,
      ),
    );

  for (const [name, what] of later) {
    program
      .command(name, { hidden: true })
      .allowUnknownOption()
      .allowExcessArguments()
      .action(() => {
        streams.stderr.write(`not yet: kanto ${name} (${what}) does not work yet.\n`);
        exit = exitCodes.wrongUse;
      });
  }

  try {
    await program.parseAsync([...args], { from: 'user' });
    return exit;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.complete : exitCodes.wrongUse;
  }
}
