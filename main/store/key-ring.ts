// The workspace's data key: random, kept only wrapped by a passphrase (in keys.json) or handed in from the keychain.
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { WorkspaceKey } from '../../preload/contract/engine-protocol.ts';
import { KantoError } from '../core/model/error.ts';

const fileSchema = z.strictObject({
  version: z.literal(1),
  passphrase: z.strictObject({ salt: z.string(), n: z.number(), r: z.number(), p: z.number(), iv: z.string(), box: z.string(), tag: z.string() }),
});

/** scrypt cost: 64 MB, about a quarter of a second; the parameters are stored, so they can grow. */
const cost = { n: 65_536, r: 8, p: 1 } as const;

function wrappingKey(passphrase: string, salt: Buffer, use: { n: number; r: number; p: number }): Buffer {
  return scryptSync(passphrase.normalize('NFC'), salt, 32, { N: use.n, r: use.r, p: use.p, maxmem: 256 * use.n * use.r });
}

export function keyFilePath(folder: string): string {
  return join(folder, 'keys.json');
}

/** Makes the data key of a new workspace; a passphrase is wrapped into keys.json, a raw key stays with the keychain. Returns hex. */
export function createKey(folder: string, key: WorkspaceKey): string {
  if (key.kind === 'raw') return checkRaw(key.hex);
  const data = randomBytes(32);
  const salt = randomBytes(16);
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', wrappingKey(key.passphrase, salt, cost), iv);
  const box = Buffer.concat([cipher.update(data), cipher.final()]);
  const text = (bytes: Buffer) => bytes.toString('base64');
  const file = { version: 1, passphrase: { salt: text(salt), ...cost, iv: text(iv), box: text(box), tag: text(cipher.getAuthTag()) } };
  writeFileSync(keyFilePath(folder), `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  return data.toString('hex');
}

/** Finds the data key of an existing workspace. Returns hex; throws `wrong-key` or `key-needed`. */
export function openKey(folder: string, key: WorkspaceKey): string {
  if (key.kind === 'raw') return checkRaw(key.hex);
  if (!existsSync(keyFilePath(folder))) {
    throw new KantoError(
      'key-needed',
      `${folder} has no passphrase: its key is in the keychain of the person who made it.`,
      'Open it in the application on that account.',
      'ask-user',
    );
  }
  const parsed = fileSchema.safeParse(readJson(keyFilePath(folder)));
  if (!parsed.success) {
    throw new KantoError('workspace-damaged', `${keyFilePath(folder)} is not a key file.`, 'Restore keys.json from a copy of the workspace.', 'ask-user');
  }
  const { salt, iv, box, tag, ...use } = parsed.data.passphrase;
  const decipher = createDecipheriv('aes-256-gcm', wrappingKey(key.passphrase, Buffer.from(salt, 'base64'), use), Buffer.from(iv, 'base64'));
  decipher.setAuthTag(Buffer.from(tag, 'base64'));
  try {
    return Buffer.concat([decipher.update(Buffer.from(box, 'base64')), decipher.final()]).toString('hex');
  } catch (cause) {
    throw new KantoError('wrong-key', 'The passphrase does not open this workspace.', 'Enter the passphrase it was made with.', 'ask-user', { cause });
  }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new KantoError('workspace-damaged', `${path} cannot be read.`, 'Restore keys.json from a copy of the workspace.', 'ask-user', { cause });
  }
}

function checkRaw(hex: string): string {
  if (/^[0-9a-f]{64}$/.test(hex)) return hex;
  throw new KantoError('wrong-key', 'The key from the keychain is not a workspace key.', 'Open the workspace with its passphrase.', 'ask-user');
}
