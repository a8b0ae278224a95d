// `kanto init`, `check`, `apply` and `export`: a workspace and the configuration it works by.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { connectors } from '../../../connectors/registry.ts';
import { KantoError } from '../../core/model/error.ts';
import { connectionCapabilities } from '../../config/connection-capabilities.ts';
import { exportConfiguration } from '../../config/export.ts';
import { goneWith } from '../../config/gone.ts';
import { writeJsonSchemas } from '../../config/json-schema.ts';
import { loadFolder } from '../../config/load.ts';
import { runExamples } from '../../config/tests.ts';
import { configurationOf } from '../../engine/revision.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';

/** Creates the workspace; with the sample company also its files and its configuration. */
export async function init({ options, output, withSession }: CommandContext, command: { readonly sample: boolean }): Promise<ExitCode> {
  const folder = resolve(options.workspace);
  if (existsSync(resolve(folder, 'state.db'))) {
    throw new KantoError(
      'workspace-exists',
      `${folder} is a workspace already.`,
      'Use it as it is, or name another folder with --workspace.',
      'ask-user',
    );
  }
  return withSession(async ({ workspace }) => {
    const sample = command.sample ? await workspace.installSample() : undefined;
    const files = resolve(folder, 'sample');
    output.result(
      { workspace: folder, ...(sample === undefined ? {} : { revision: sample.revision, sync: sample.sync, sample: files }) },
      () =>
        sample === undefined
          ? `Created the workspace ${folder}\nNext: kanto apply FOLDER`
          : `Created the workspace ${folder}\nThe sample company's files are in ${files}\nNext: kanto plan ${sample.sync}`,
    );
    return exitCodes.complete;
  }, true);
}

/** Validates a folder of configuration and runs its examples. Opens no system and no workspace. */
export async function check(
  { output }: CommandContext,
  folder: string | undefined,
  command: { readonly schema?: string },
): Promise<ExitCode> {
  const registry = Object.fromEntries(connectors);
  const schemas = command.schema === undefined ? [] : await writeJsonSchemas(command.schema, registry);
  if (folder === undefined) {
    if (command.schema === undefined)
      throw new KantoError('invalid-input', 'No folder was named.', 'kanto check FOLDER, or kanto check --schema DIR', 'ask-user');
    output.result({ schemas }, () => schemas.map((name) => `Wrote ${resolve(command.schema ?? '.', name)}`).join('\n'));
    return exitCodes.complete;
  }
  const configuration = await loadFolder(folder, registry);
  const failures = Object.entries(configuration.syncs).flatMap(([sync, config]) => {
    const isText = (endpoint: string) =>
      connectionCapabilities(configuration, config.endpoints[endpoint]?.connection ?? '', connectors)?.textual === true;
    return runExamples(config, isText).map((failure) => ({ sync, ...failure }));
  });
  const syncs = Object.keys(configuration.syncs);
  const examples = Object.values(configuration.syncs).reduce((sum, sync) => sum + sync.tests.length, 0);
  const document = {
    valid: failures.length === 0,
    name: configuration.name,
    connections: Object.keys(configuration.connections),
    syncs,
    examples,
    failures,
    ...(schemas.length > 0 ? { schemas } : {}),
  };
  output.result(document, () =>
    failures.length === 0
      ? `${configuration.name}: ${document.connections.length} connections, ${syncs.length} syncs, ${examples} examples; all good`
      : failures.map((failure) => `${failure.sync}: tests[${failure.index}] ${failure.message}`).join('\n'),
  );
  return failures.length === 0 ? exitCodes.complete : exitCodes.wrongUse;
}

/** Makes a folder of configuration the workspace's new revision; what `check` refuses is refused here too. */
export async function apply(
  { output, withSession }: CommandContext,
  folder: string,
  { leaveLogs }: { readonly leaveLogs: boolean },
): Promise<ExitCode> {
  return withSession(async ({ workspace }) => {
    const before = workspace.configuration();
    const revision = await workspace.applyFolder(folder);
    const { body } = workspace.configuration();
    const gone = goneWith(before.body, body);
    if (gone.length > 0)
      output.note(`Gone with this revision: ${gone.join(', ')}. \`kanto export DIR --revision ${before.revision}\` writes them as files.`);
    for (const note of await workspace.endLogs({ leave: leaveLogs })) output.note(note);
    output.result(
      { revision, name: body.name, syncs: Object.keys(body.syncs) },
      () => `Revision ${revision}: ${body.name} (${Object.keys(body.syncs).join(', ')})`,
    );
    return exitCodes.complete;
  });
}

/** Writes the configuration in force, or an earlier one, as a folder of files. */
export async function exportFiles(
  { output, withSession }: CommandContext,
  target: string,
  asked: { readonly revision?: number },
): Promise<ExitCode> {
  return withSession(async ({ workspace }) => {
    const { revision, body } = configurationOf(workspace, asked.revision);
    const { folder, written, kept, others } = await exportConfiguration(body, target, Object.fromEntries(workspace.registry));
    for (const file of others) output.note(`${file} is not in revision ${revision}; it stays, and \`kanto apply\` would bring it in.`);
    output.result({ revision, folder, written, kept, others }, () =>
      written.length === 0
        ? `${folder} says what revision ${revision} says already.`
        : [`Revision ${revision} is in ${folder}:`, ...written.map((file) => `  ${file}`)].join('\n'),
    );
    return exitCodes.complete;
  });
}
