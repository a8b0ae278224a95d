// What is built, from what, into what.
import { rm } from 'node:fs/promises';
import { type BuildOptions, build as bundle } from 'esbuild';
import { collect } from './command.ts';
import { inProject } from './paths.ts';
import { replaceFolder, writeOutputs } from './replace.ts';

/** One thing that is built by itself. Paths are relative to the project. */
export interface Target {
  readonly name: string;
  /** Files and folders it depends on. */
  readonly sources: readonly string[];
  readonly outputs: readonly string[];
  readonly make: () => Promise<void>;
}

const shared = ['package-lock.json', 'tsconfig.json', 'main/app/setup/targets.ts'];
const engineSources = ['main/api', 'main/config', 'main/core', 'main/engine', 'main/store', 'connectors', 'preload/contract'];

/** Some bundled packages are CommonJS and call `require` for Node's own modules. */
const requireBanner = { js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);" };

/** Half of a bundle is comments and indentation of its packages, which every start would read and skip; names stay. */
const base: BuildOptions = {
  bundle: true,
  platform: 'node',
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: true,
  legalComments: 'none',
  logLevel: 'silent',
  write: false,
};

async function bundleTo(options: BuildOptions & { readonly outfile: string }): Promise<void> {
  const result = await bundle({ ...base, ...options, outfile: inProject(options.outfile), absWorkingDir: inProject() });
  await writeOutputs(result.outputFiles ?? []);
}

function esbuildTarget(name: string, entry: string, outfile: string, sources: readonly string[], options: BuildOptions): Target {
  return {
    name,
    sources: [...shared, ...sources],
    outputs: [outfile],
    make: () => bundleTo({ ...options, entryPoints: [entry], outfile }),
  };
}

/** The Electron main process: CommonJS that Node 20.18 (Electron 33) loads. */
const app = esbuildTarget('application', 'main/app/index.ts', 'dist/app/index.cjs', ['main/app', 'preload/contract'], {
  format: 'cjs',
  target: 'node20.18',
  external: ['electron'],
});

/** The preload script: one CommonJS file, as a sandboxed window needs it. */
const preload = esbuildTarget('preload', 'preload/preload.ts', 'dist/preload/preload.cjs', ['preload'], {
  format: 'cjs',
  target: 'node20.18',
  external: ['electron'],
});

/** Addons stay outside: the one for SQLite is packaged, those of `ssh2` make it faster where they are there. */
const engineExternals = ['better-sqlite3', 'cpu-features', '*.node'];

const engine = esbuildTarget('engine', 'main/api/engine-process.ts', 'dist/engine/engine-process.mjs', engineSources, {
  format: 'esm',
  target: 'node20.18',
  external: engineExternals,
  banner: requireBanner,
});

const cli = esbuildTarget('command line', 'main/cli/kanto.ts', 'dist/cli/kanto.mjs', ['main/cli', ...engineSources], {
  format: 'esm',
  target: 'node20.18',
  external: engineExternals,
  banner: requireBanner,
});

/** Processes that tests start and kill: a hundred sources would take most of their time to load. */
const testProcess = (name: string): Target =>
  esbuildTarget(`${name} of the tests`, `test/harness/${name}.ts`, `dist/test/${name}.mjs`, ['test/harness', ...engineSources], {
    format: 'esm',
    target: 'node24',
    external: engineExternals,
    banner: requireBanner,
  });

/** A test runner sets NODE_ENV, which would put the slow development build of React into the window. */
async function inProduction(make: () => Promise<void>): Promise<void> {
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    await make();
  } finally {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  }
}

const renderer: Target = {
  name: 'window',
  sources: [...shared, 'renderer', 'preload/contract'],
  outputs: ['dist/renderer/index.html'],
  async make() {
    const { build } = await import('vite');
    await inProduction(() =>
      replaceFolder(inProject('dist/renderer'), async (folder) => {
        await build({ configFile: inProject('renderer/vite.config.ts'), logLevel: 'warn', build: { outDir: folder, emptyOutDir: true } });
      }),
    );
  },
};

const sample: Target = {
  name: 'sample company',
  sources: [...shared, 'test/data', 'main/config', 'connectors'],
  outputs: ['dist/sample/kanto.yaml'],
  async make() {
    await replaceFolder(inProject('dist/sample'), async (folder) => {
      await rm(folder, { recursive: true, force: true });
      const { code, output } = await collect(process.execPath, [inProject('test/data/write-sample.ts'), folder]);
      if (code !== 0) throw new Error(`The sample company could not be written (exit ${code}):\n${output}`);
    });
  },
};

/** Everything the command line needs. */
export const cliTargets: readonly Target[] = [cli, sample];
/** Everything that tests without a window start. */
export const testTargets: readonly Target[] = [...cliTargets, testProcess('kill-child'), testProcess('waiting-child')];
/** Everything the application needs. */
export const allTargets: readonly Target[] = [app, preload, engine, cli, renderer, sample];
/** What `npm run dev` builds itself; Vite serves the window. */
export const devTargets: readonly Target[] = [app, preload, engine, cli, sample];
