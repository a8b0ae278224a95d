// Keeps the data key of a workspace, encrypted by the operating system's keychain, in the user's own folder.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { safeStorage } from 'electron';

export interface Keychain {
  /** Whether the system has a keychain that really protects. */
  readonly isAvailable: () => boolean;
  readonly has: (workspace: string) => boolean;
  /** The key of a workspace as hex. Throws when the keychain does not give it. */
  readonly get: (workspace: string) => string;
  /** Makes a new random key, keeps it and gives it. */
  readonly create: (workspace: string) => string;
}

/** The keychain of this account; its files live in `folder`. Usable after Electron is ready. */
export function openKeychain(folder: string): Keychain {
  const fileOf = (workspace: string) => join(folder, `${createHash('sha256').update(workspace).digest('hex').slice(0, 32)}.key`);
  return {
    isAvailable() {
      if (!safeStorage.isEncryptionAvailable()) return false;
      // Without a secret service Linux "encrypts" with a password that everybody knows.
      return process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text';
    },
    has: (workspace) => existsSync(fileOf(workspace)),
    get: (workspace) => safeStorage.decryptString(readFileSync(fileOf(workspace))),
    create(workspace) {
      const key = randomBytes(32).toString('hex');
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const file = fileOf(workspace);
      writeFileSync(`${file}.new`, safeStorage.encryptString(key), { mode: 0o600 });
      renameSync(`${file}.new`, file);
      return key;
    },
  };
}
