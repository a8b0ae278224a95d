// The workspace database: encrypted, locked, guarded, migrated; a damaged or newer one is never harmed.
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKey, openKey } from '../../main/store/key-ring.ts';
import { migrate, migrations, newestVersion, schemaOf, schemaVersion } from '../../main/store/migrate.ts';
import { backUp, openDatabase } from '../../main/store/open.ts';

const hex = '5c'.repeat(32);
const otherHex = '77'.repeat(32);
const now = () => Date.UTC(2026, 0, 2, 3, 4, 5);

describe('the workspace database', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kanto-store-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const open = (create = false, key = hex) => openDatabase(folder, key, { create, now });
  const thrown = (work: () => unknown): { code?: string; message: string } => {
    try {
      work();
    } catch (error) {
      return error as { code?: string; message: string };
    }
    throw new Error('nothing was thrown');
  };

  it('holds nothing readable on the disk', () => {
    const db = open(true);
    db.prepare("INSERT INTO log (run, at, level, message) VALUES (1, 1, 'info', 'Margarethe Quandt owes 12.50')").run();
    db.close();
    const bytes = readFileSync(join(folder, 'state.db'));
    expect(bytes.includes('Margarethe')).toBe(false);
    expect(bytes.subarray(0, 15).toString('latin1')).not.toBe('SQLite format 3');
  });

  it('writes durably: write-ahead log and full synchronisation', () => {
    const db = open(true);
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db.pragma('synchronous', { simple: true })).toBe(2);
    db.close();
  });

  it('refuses a second opener while it is open, and lets it in afterwards', () => {
    const db = open(true);
    expect(thrown(() => open()).code).toBe('workspace-in-use');
    db.close();
    open().close();
  });

  it('refuses a database from a newer application and leaves it as it was', () => {
    const db = open(true);
    db.pragma(`user_version = ${newestVersion + 10}`);
    db.close();
    const before = readFileSync(join(folder, 'state.db'));
    expect(thrown(() => open()).code).toBe('workspace-newer');
    expect(readFileSync(join(folder, 'state.db')).equals(before)).toBe(true);
  });

  it('puts a damaged database aside instead of deleting it', () => {
    open(true).close();
    const path = join(folder, 'state.db');
    writeFileSync(path, Buffer.concat([Buffer.alloc(4096, 7), readFileSync(path).subarray(4096)]));
    const damaged = readFileSync(path);
    const error = thrown(() => open());
    expect(error.code).toBe('workspace-damaged');
    expect(existsSync(path)).toBe(false);
    const aside = readdirSync(folder).find((name) => name.startsWith('state.db.damaged-'));
    expect(aside).toBeDefined();
    expect(readFileSync(join(folder, aside ?? '')).equals(damaged)).toBe(true);
    expect(error.message).toContain(aside ?? 'aside');
  });

  it('notices a single bit that changed on the disk, wherever it lies', () => {
    const db = open(true);
    const add = db.prepare("INSERT INTO log (run, at, level, message) VALUES (1, ?, 'info', ?)");
    db.transaction(() => {
      for (let index = 0; index < 4000; index += 1) add.run(index, `entry ${index}`);
    })();
    db.close();
    const path = join(folder, 'state.db');
    const whole = readFileSync(path);
    for (const part of [0.25, 0.5, 0.75, 0.95]) {
      const damaged = Buffer.from(whole);
      const at = Math.floor((whole.length / 4096) * part) * 4096 + 2000;
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      writeFileSync(path, damaged);
      expect(thrown(() => open()).code).toBe('workspace-damaged');
    }
  });

  it('says that a folder without a database is no workspace', () => {
    expect(thrown(() => open()).code).toBe('workspace-missing');
  });

  it('backs up, still encrypted, and the backup opens with the same key', () => {
    const db = open(true);
    db.prepare("INSERT INTO log (run, at, level, message) VALUES (1, 1, 'info', 'kept')").run();
    const backup = backUp(db, folder, 'test', now());
    db.close();
    expect(readFileSync(backup).includes('kept')).toBe(false);
    writeFileSync(join(folder, 'state.db'), readFileSync(backup));
    const again = open();
    expect(again.prepare('SELECT message FROM log').pluck().get()).toBe('kept');
    again.close();
  });

  it('keeps the state when a migration fails half-way', () => {
    const db = open(true);
    const broken = [...migrations, { version: newestVersion + 10, name: 'broken', sql: 'CREATE TABLE half (a); CREATE TABLE half (a);' }];
    expect(() => migrate(db, broken)).toThrow();
    expect(schemaVersion(db)).toBe(newestVersion);
    expect(db.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'half'").pluck().get()).toBe(0);
    db.close();
  });

  it('has the schema that is written down', async () => {
    const db = open(true);
    await expect(schemaOf(db)).toMatchFileSnapshot('schema.snapshot.sql');
    db.close();
  });
});

describe('the key of a workspace', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kanto-key-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('comes back with its passphrase and with no other', () => {
    const made = createKey(folder, { kind: 'passphrase', passphrase: 'grüne Äpfel' });
    expect(openKey(folder, { kind: 'passphrase', passphrase: 'grüne Äpfel' })).toBe(made);
    expect(() => openKey(folder, { kind: 'passphrase', passphrase: 'grüne Birnen' })).toThrow('does not open');
    expect(readFileSync(join(folder, 'keys.json'), 'utf8')).not.toContain(made);
  });

  it('is not made twice over an existing one', () => {
    createKey(folder, { kind: 'passphrase', passphrase: 'one' });
    expect(() => createKey(folder, { kind: 'passphrase', passphrase: 'two' })).toThrow();
  });

  it('says so when a workspace belongs to a keychain', () => {
    createKey(folder, { kind: 'raw', hex });
    expect(() => openKey(folder, { kind: 'passphrase', passphrase: 'x' })).toThrow('keychain');
  });

  it('tells a wrong key from a damaged database', () => {
    createKey(folder, { kind: 'raw', hex });
    expect(openKey(folder, { kind: 'raw', hex })).toBe(hex);
    expect(() => openKey(folder, { kind: 'raw', hex: otherHex })).toThrow('does not open');
  });
});
