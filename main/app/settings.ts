// What the application remembers between starts about itself: theme, and where its window was.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const settingsSchema = z.object({
  theme: z.enum(['light', 'dark', 'system']).catch('system'),
  bounds: z
    .object({ x: z.number().int(), y: z.number().int(), width: z.number().int(), height: z.number().int() })
    .optional()
    .catch(undefined),
  maximized: z.boolean().catch(false),
});
export type Settings = z.infer<typeof settingsSchema>;

export interface SettingsFile {
  readonly get: () => Settings;
  readonly change: (part: Partial<Settings>) => void;
}

/** Opens the settings kept in a file. A file that is missing or cannot be read counts as empty: nothing in it is worth a question. */
export function openSettings(path: string): SettingsFile {
  let settings = settingsSchema.parse(read(path));
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

function read(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) ?? {};
  } catch {
    // Missing at the first start, or damaged: both begin anew.
    return {};
  }
}
