// What the application remembers about itself, and what it makes of a damaged file.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSettings } from '../../main/app/settings.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kanto-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = () => join(folder, 'settings.json');

describe('settings', () => {
  it('begin with the theme of the system, and keep what is changed', () => {
    const settings = openSettings(file());
    expect(settings.get()).toEqual({ theme: 'system', maximized: false });
    settings.change({ theme: 'dark', bounds: { x: -3, y: 0, width: 900, height: 700 } });
    expect(openSettings(file()).get()).toEqual({ theme: 'dark', maximized: false, bounds: { x: -3, y: 0, width: 900, height: 700 } });
  });

  it.each([
    ['nothing', ''],
    ['no object', '7'],
    ['null', 'null'],
    ['foreign values', '{"theme":"pink","maximized":"yes","bounds":{"x":1,"y":2,"width":"wide","height":4}}'],
    ['bounds with a part missing', '{"bounds":{"x":1,"y":2,"width":3}}'],
    ['bounds that are none', '{"bounds":null}'],
  ])('takes %s for what is usual', (_what, text) => {
    writeFileSync(file(), text);
    expect(openSettings(file()).get()).toEqual({ theme: 'system', maximized: false });
  });
});
