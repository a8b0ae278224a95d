// The set-up's parts: integrity before unpacking, whole folders or none, up to date or not, what a system lacks.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireElectron, runsEngineInside } from '../../main/app/setup/electron/acquire.ts';
import { makeOnce } from '../../main/app/setup/electron/cache.ts';
import { canDownload, installedElectron } from '../../main/app/setup/electron/from-github.ts';
import { electronPackages, registryElectronFolder } from '../../main/app/setup/electron/from-registry.ts';
import { verifyIntegrity } from '../../main/app/setup/electron/integrity.ts';
import { fingerprint, isCurrent, keep } from '../../main/app/setup/fingerprint.ts';
import { hasDisplay } from '../../main/app/setup/launch.ts';
import { replaceFolder } from '../../main/app/setup/replace.ts';
import { installCommand, missingLibraries } from '../../main/app/setup/system-packages.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kanto-setup-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe('integrity', () => {
  it('accepts the very file and refuses one changed byte', async () => {
    const file = write('archive', 'bytes');
    const integrity = `sha512-${createHash('sha512').update('bytes').digest('base64')}`;
    await expect(verifyIntegrity(file, integrity)).resolves.toBeUndefined();
    writeFileSync(file, 'bytez');
    await expect(verifyIntegrity(file, integrity)).rejects.toThrow(/not the expected file.*not unpacked/);
  });

  it('refuses weaker kinds', async () => {
    await expect(verifyIntegrity(write('a', ''), 'sha1-abc')).rejects.toThrow(/not a sha512/);
  });
});

describe('cache', () => {
  it('makes a folder once, also when several ask at the same time, and leaves nothing beside it', async () => {
    const target = join(folder, 'thing');
    const make = async (work: string) => writeFileSync(join(work, 'content'), 'whole');
    await Promise.all([makeOnce(target, make), makeOnce(target, make), makeOnce(target, make)]);
    expect(readFileSync(join(target, 'content'), 'utf8')).toBe('whole');
    await makeOnce(target, () => Promise.reject(new Error('made again')));
    expect(readdirSync(folder)).toEqual(['thing']);
  });

  it('leaves nothing when making fails', async () => {
    const failing = makeOnce(join(folder, 'thing'), async (work) => {
      writeFileSync(join(work, 'half'), '');
      throw new Error('no network');
    });
    await expect(failing).rejects.toThrow('no network');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('keeps the old folder when its replacement fails', async () => {
    const target = join(folder, 'built');
    await replaceFolder(target, async (fresh) => writeFileSync(join(fresh, 'a'), '1'));
    await expect(replaceFolder(target, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(readFileSync(join(target, 'a'), 'utf8')).toBe('1');
    await replaceFolder(target, async (fresh) => writeFileSync(join(fresh, 'b'), '2'));
    expect(readdirSync(target)).toEqual(['b']);
    expect(readdirSync(folder)).toEqual(['built']);
  });
});

describe('up to date', () => {
  it('notices a changed, an added and a removed source, and a missing output', async () => {
    mkdirSync(join(folder, 'src'));
    write('src/a.ts', 'a');
    const output = write('out.js', '');
    const stamp = join(folder, 'stamps', 'a');
    const now = () => fingerprint(folder, ['src', 'missing.json']);
    const first = await now();
    expect(await isCurrent(stamp, first, [output])).toBe(false);
    await keep(stamp, first);
    expect(await isCurrent(stamp, await now(), [output])).toBe(true);
    expect(await isCurrent(stamp, await now(), [join(folder, 'gone.js')])).toBe(false);
    write('src/b.ts', 'b');
    expect(await now()).not.toBe(first);
    rmSync(join(folder, 'src/b.ts'));
    expect(await now()).toBe(first);
    utimesSync(join(folder, 'src/a.ts'), 1, 1);
    expect(await now()).not.toBe(first);
  });
});

describe('system', () => {
  it('finds the libraries that the loader does not know', () => {
    const known = [
      '122 libs found',
      '\tlibgtk-3.so.0 (libc6,x86-64) => /lib/libgtk-3.so.0',
      '\tlibnss3.so (libc6,x86-64) => /lib/libnss3.so',
    ].join('\n');
    const missing = missingLibraries(known).map(({ what }) => what);
    expect(missing).not.toContain('libgtk-3.so.0');
    expect(missing).toContain('libgbm.so.1');
    expect(missing).toHaveLength(6);
  });

  it('names the exact command', () => {
    expect(installCommand(['libgbm1', 'xvfb'])).toBe('apt-get update && apt-get install -y --no-install-recommends libgbm1 xvfb');
  });

  it.runIf(process.platform === 'linux')('knows whether there is a display', () => {
    expect([
      hasDisplay({}),
      hasDisplay({ DISPLAY: '' }),
      hasDisplay({ DISPLAY: ':0' }),
      hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }),
    ]).toEqual([false, false, true, true]);
  });
});

describe('Electron', () => {
  const packageFolder = () => {
    const made = join(folder, 'electron');
    mkdirSync(join(made, 'dist'), { recursive: true });
    writeFileSync(join(made, 'package.json'), '{ "version": "45.4.1" }');
    return made;
  };
  const quiet = () => undefined;

  it('is the downloaded one where the package has it', async () => {
    const from = packageFolder();
    expect(await installedElectron(from)).toBeUndefined();
    writeFileSync(join(from, 'path.txt'), 'electron');
    expect(await installedElectron(from)).toBeUndefined();
    writeFileSync(join(from, 'dist', 'electron'), '');
    expect(await acquireElectron({ env: {}, packageFolder: from, say: quiet })).toMatchObject({ from: 'download', version: '45.4.1' });
  });

  it.runIf(process.platform === 'linux')('is the given one, or an error that names the variable', async () => {
    const given = join(folder, 'given');
    const acquire = () => acquireElectron({ env: { ELECTRON_OVERRIDE_DIST_PATH: given }, packageFolder: packageFolder(), say: quiet });
    await expect(acquire()).rejects.toThrow(/ELECTRON_OVERRIDE_DIST_PATH/);
    mkdirSync(given);
    writeFileSync(join(given, 'electron'), '');
    writeFileSync(join(given, 'version'), 'v36.0.0');
    expect(await acquire()).toMatchObject({ from: 'given', version: '36.0.0' });
  });

  it.runIf(electronPackages[`${process.platform}-${process.arch}`] !== undefined)(
    'is the cached one from the registry, without asking the network',
    async () => {
      const known = electronPackages[`${process.platform}-${process.arch}`];
      if (known === undefined) return;
      const cached = registryElectronFolder(folder, known);
      mkdirSync(cached, { recursive: true });
      writeFileSync(join(cached, 'electron'), '');
      const env = { KANTO_CACHE: folder, ELECTRON_MIRROR: 'http://127.0.0.1:9/' };
      expect(await acquireElectron({ env, packageFolder: packageFolder(), say: quiet })).toMatchObject({
        from: 'registry',
        version: known.electronVersion,
      });
      expect(existsSync(join(cached, 'resources', 'app', 'index.cjs'))).toBe(true);
    },
  );

  it('counts a server that does not answer as out of reach', async () => {
    expect(await canDownload('45.4.1', { ELECTRON_MIRROR: 'http://127.0.0.1:9/' })).toBe(false);
  });

  it('runs the engine inside from version 35 on', () => {
    expect(['33.2.1', '35.0.0', '45.4.1'].map((version) => runsEngineInside({ version }))).toEqual([false, true, true]);
  });
});
