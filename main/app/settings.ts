// What the application remembers between starts about itself: theme, and where its window was.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Settings {
  readonly theme: 'light' | 'dark' | 'system';
  readonly bounds?: Bounds;
  readonly maximized: boolean;
}

export interface SettingsFile {
  readonly get: () => Settings;
  readonly change: (part: Partial<Settings>) => void;
}

/** Opens the settings kept in a file. A file that is missing or cannot be read counts as empty: nothing in it is worth a question. */
export function openSettings(path: string): SettingsFile {
  let settings = read(path);
  return {
    get: () => settings,
    change(part) {
      settings = { ...settings, ...part };
      const temporary = `${path}.new`;
      writeFileSync(temporary, `${JSON.stringify(settings, null, 2)}\n`);
      renameSync(temporary, path);
    },
  };
}

function read(path: string): Settings {
  const { theme, bounds, maximized } = parse(path);
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    ...(isBounds(bounds) ? { bounds } : {}),
    maximized: maximized === true,
  };
}

/** Checked by hand: a validation library is more to load than the window needs before it is there. */
function isBounds(value: unknown): value is Bounds {
  if (typeof value !== 'object' || value === null) return false;
  return (['x', 'y', 'width', 'height'] as const).every((side) => Number.isInteger((value as Partial<Bounds>)[side]));
}

function parse(path: string): { readonly [Name in keyof Settings]?: unknown } {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) ?? {};
  } catch {
    // Missing at the first start, or damaged: both begin anew.
    return {};
  }
}
