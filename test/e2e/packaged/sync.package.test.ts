// The packaged application: archive, fuses, the engine inside Electron, and a whole sync in its window.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { describe, expect, inject, it } from 'vitest';
import { withApplication } from '../application.ts';
import { openSample, runSync } from '../sample-steps.ts';

const executable = inject('executable');

/** Every file of a folder by its path in it. */
function contents(folder: string): Map<string, string> {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map((entry) => [
      join(entry.parentPath, entry.name).slice(folder.length + 1),
      readFileSync(join(entry.parentPath, entry.name), 'latin1'),
    ]),
  );
}

describe('the packaged application', () => {
  it('has its fuses set', async () => {
    const wire = await getCurrentFuseWire(executable);
    const isOn = (fuse: FuseV1Options) => wire[fuse] === FuseState.ENABLE;
    expect({
      runAsNode: isOn(FuseV1Options.RunAsNode),
      cookies: isOn(FuseV1Options.EnableCookieEncryption),
      nodeOptions: isOn(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
      integrity: isOn(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
      archiveOnly: isOn(FuseV1Options.OnlyLoadAppFromAsar),
    }).toEqual({ runAsNode: false, cookies: true, nodeOptions: false, integrity: true, archiveOnly: true });
  });

  it('keeps the program in its archive, with the sample company beside it', () => {
    const resources = join(dirname(executable), 'resources');
    expect(readdirSync(resources).toSorted()).toEqual(['app.asar', 'app.asar.unpacked', 'sample']);
    expect(readdirSync(join(resources, 'sample'))).toContain('kanto.yaml');
  });

  it('runs a sync of the sample company in its window, and writes the files of the workspace only', async () => {
    const shipped = join(dirname(executable), 'resources', 'sample');
    const before = contents(shipped);
    await withApplication({ executable }, async ({ app, window, workspace }) => {
      expect(await app.evaluate(({ app: main }) => main.isPackaged)).toBe(true);
      await openSample(window, 'a passphrase for tests');
      expect(await runSync(window)).toMatch(/^(complete|partial)$/);
      const after = contents(workspace);
      const changed = [...before].filter(
        ([name, text]) => name.startsWith('data/') && [...after].every(([other, found]) => !other.endsWith(name) || found !== text),
      );
      expect(changed.map(([name]) => name).length).toBeGreaterThan(0);
      expect(contents(shipped)).toEqual(before);
    });
  });
});
