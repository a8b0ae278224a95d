// A new connector begins as one that keeps the contract.
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { collect } from '../../main/app/setup/command.ts';
import { newConnector } from '../../main/app/setup/connector-new.ts';
import { inProject } from '../../main/app/setup/paths.ts';

async function project(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'kanto-new-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  await mkdir(join(root, 'test/connectors'), { recursive: true });
  await cp(inProject('connectors'), join(root, 'connectors'), { recursive: true });
  for (const file of ['jsonl.test.ts', 'handles.ts']) await cp(inProject('test/connectors', file), join(root, 'test/connectors', file));
  await symlink(inProject('node_modules'), join(root, 'node_modules'));
  return root;
}

test('a new connector passes the conformance suite as it is made, and is registered', { timeout: 120_000 }, async () => {
  const root = await project();
  const made = await newConnector(root, 'paper-tape');
  expect(made.map((path) => path.slice(root.length + 1))).toContain('connectors/paper-tape/connector.ts');
  expect(await readFile(join(root, 'connectors/paper-tape/connector.ts'), 'utf8')).toContain(
    'export const paperTapeConnector: Connector<PaperTapeConfig> = {',
  );
  expect(await readFile(join(root, 'connectors/registry.ts'), 'utf8')).toContain('    checked(paperTapeConnector),\n');
  for (const path of made) expect((await readFile(path, 'utf8')).split('\n', 1)[0]).toMatch(/^\/\/ [A-Z]/);
  await writeFile(join(root, 'package.json'), '{"type":"module"}');
  const vitest = [inProject('node_modules/vitest/vitest.mjs'), 'run', '--root', root, 'test/connectors/paper-tape.test.ts'];
  const { code, output } = await collect(process.execPath, vitest, { cwd: root });
  expect(code, output).toBe(0);
  expect(output).toMatch(/Tests .*passed/);
});

test('a name that is taken or is none makes nothing', async () => {
  const root = await project();
  const before = await readFile(join(root, 'connectors/registry.ts'), 'utf8');
  await expect(newConnector(root, 'csv')).rejects.toThrow('there already');
  await expect(newConnector(root, '../x')).rejects.toThrow('no name');
  await expect(newConnector(root, 'Big')).rejects.toThrow('small letters');
  expect(await readFile(join(root, 'connectors/registry.ts'), 'utf8')).toBe(before);
});
