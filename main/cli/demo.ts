// The sample company in a terminal: a temporary workspace, the plan, the run, and what is left for a person.
import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import { conflictsText, openConflicts } from './commands/conflicts.ts';
import { planText } from './commands/plan.ts';
import { exitOfDetail, finishRun, runText } from './commands/run.ts';
import { exitCodes } from './exit-codes.ts';

const folder = await mkdtemp(join(tmpdir(), 'kanto-sample-'));
const passphrase = randomBytes(9).toString('base64url');
process.env['KANTO_PASSPHRASE'] = passphrase;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

process.exitCode = await runCommand(process, { workspace: folder, json: false }, 'demo', (context) =>
  context.withSession(async (session) => {
    const { sync } = await session.workspace.installSample();
    say(`The sample company: the same customers in a shop, in sales and in accounting.\n\nPlan of ${sync} (nothing is written yet)\n`);
    const plan = session.workspace.planDocument(await session.workspace.makePlan(sync, { signal: session.signal }));
    session.clearProgress();
    say(planText(plan, 8));
    const run = await finishRun(session, sync, {});
    say(`\n${runText(run)}\n\nOpen for a person\n`);
    say(conflictsText(await openConflicts(session, sync)));
    say(`\nThe files: ${join(folder, 'sample', 'data')}`);
    say(`To go on:  KANTO_PASSPHRASE=${passphrase} npm run -s kanto -- --workspace ${folder} conflicts list`);
    // What waits for a person is what the sample is about, not a failure of showing it.
    const exit = exitOfDetail(run);
    return exit === exitCodes.attention ? exitCodes.complete : exit;
  }, true),
);
