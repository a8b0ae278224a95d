// The arrows of the architecture as data: which files may import what.

export interface Arrow {
  readonly name: string;
  /** The files it speaks of. */
  readonly of: RegExp;
  readonly except?: RegExp;
  /** Files of the project they may import. */
  readonly files: 'any' | readonly RegExp[];
  /** Files of which they may import types only. */
  readonly types?: readonly RegExp[];
  readonly packages: 'any' | readonly RegExp[];
}

const contract = /^preload\/contract\//;

export const arrows: readonly Arrow[] = [
  {
    name: 'the core is pure: it knows itself and the words of the connectors',
    of: /^main\/core\//,
    files: [/^main\/core\//],
    types: [/^connectors\/native\.ts$/],
    packages: [/^temporal-polyfill$/],
  },
  { name: 'the contract knows zod only', of: contract, files: [contract], packages: [/^zod$/] },
  {
    name: 'the preload script knows the contract and Electron',
    of: /^preload\/[^/]+$/,
    files: [/^preload\//],
    packages: [/^electron$/],
  },
  {
    name: 'the window never imports the main process, and takes only types from the contract',
    of: /^renderer\//,
    files: [/^renderer\//],
    types: [contract],
    packages: [/^(?!node:|electron$)/],
  },
  {
    name: 'connectors know nothing of us',
    of: /^connectors\//,
    files: [/^connectors\//],
    packages: [/^(?!electron$)/],
  },
  {
    name: 'only the application imports Electron',
    of: /^(main|connectors|renderer|test)\//,
    except: /^main\/app\/|^test\/e2e\//,
    files: 'any',
    packages: [/^(?!electron$)/],
  },
  {
    name: 'the application reaches the engine through its process only',
    of: /^main\/app\//,
    except: /^main\/app\/setup\//,
    files: [/^main\/app\/(?!setup\/)/, /^preload\//],
    packages: [/^node:/, /^electron$/, /^zod$/],
  },
  {
    name: 'nothing but the tests imports the tests',
    of: /^(main|connectors|preload|renderer)\//,
    files: [/^(main|connectors|preload|renderer)\//],
    packages: 'any',
  },
  {
    name: 'only the setup and its tests import the setup',
    of: /^(main|connectors|preload|renderer)\//,
    except: /^main\/app\/setup\//,
    files: [/^(?!main\/app\/setup\/)/],
    packages: 'any',
  },
  {
    name: 'the main process never imports the window',
    of: /^main\//,
    files: [/^(?!renderer\/)/],
    packages: 'any',
  },
  {
    name: 'the simulator stands beside the windows and the command line, and knows neither',
    of: /^main\/simulator\//,
    files: [/^main\/(simulator|engine|config|core|store)\//, /^connectors\//],
    types: [contract],
    packages: [/^node:/],
  },
  {
    name: 'only the windows and the command line know the simulator',
    of: /^(main\/(?!simulator\/|api\/|cli\/)|connectors\/)/,
    files: [/^(?!main\/simulator\/)/],
    packages: 'any',
  },
  {
    name: 'the store knows the core and the contract, not the engine',
    of: /^main\/store\//,
    files: [/^main\/(store|core)\//, contract, /^connectors\/native\.ts$/],
    types: [/^connectors\/contract\.ts$/, /^main\/config\//],
    packages: 'any',
  },
];

/** What may stand beside the dotfiles in the project's folder; what is not in version control counts too. */
export const topLevel: ReadonlySet<string> = new Set([
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'electron-builder.yml',
  'README.md',
  'main',
  'renderer',
  'preload',
  'connectors',
  'test',
  'node_modules',
  'dist',
  'out',
  'coverage',
  'test-results',
]);

export const maxLines = 400;
