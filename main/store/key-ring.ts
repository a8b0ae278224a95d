// The workspace's data key: random, kept only wrapped by a passphrase (in keys.json) or handed in from the keychain.
import { createCipheriv, createDecipheriv, createHmac, randomBytes, scryptSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { WorkspaceKey } from '../../preload/contract/engine-protocol.ts';
import { KantoError } from '../core/model/error.ts';

const fileSchema = z.strictObject({
  version: z.literal(1),
  /** Tells the right key from a wrong one, so that a wrong key is never taken for a damaged database. */
  check: z.string(),
  /** The data key wrapped by a passphrase; absent where only the keychain holds it. */
  passphrase: z
    .strictObject({ salt: z.string(), n: z.number(), r: z.number(), p: z.number(), iv: z.string(), box: z.string(), tag: z.string() })
    .optional(),
});

/** scrypt cost: 64 MB, about a quarter of a second; the parameters are stored, so they can grow. */
const cost = { n: 65_536, r: 8, p: 1 } as const;

function wrappingKey(passphrase: string, salt: Buffer, use: { n: number; r: number; p: number }): Buffer {
  return scryptSync(passphrase.normalize('NFC'), salt, 32, { N: use.n, r: use.r, p: use.p, maxmem: 256 * use.n * use.r });
}

export function keyFilePath(folder: string): string {
  return join(folder, 'keys.json');
}

/** Makes the data key of a new workspace and writes keys.json. A raw key stays with the keychain. Returns hex. */
export function createKey(folder: string, key: WorkspaceKey): string {
  const data = key.kind === 'raw' ? Buffer.from(checkRaw(key.hex), 'hex') : randomBytes(32);
  const file = { version: 1, check: checkOf(data), ...(key.kind === 'raw' ? {} : { passphrase: wrap(data, key.passphrase) }) };
  writeFileSync(keyFilePath(folder), `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  return data.toString('hex');
}

function wrap(data: Buffer, passphrase: string) {
  const salt = randomBytes(16);
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', wrappingKey(passphrase, salt, cost), iv);
  const box = Buffer.concat([cipher.update(data), cipher.final()]);
  const text = (bytes: Buffer) => bytes.toString('base64');
  return { salt: text(salt), ...cost, iv: text(iv), box: text(box), tag: text(cipher.getAuthTag()) };
}

/** Finds the data key of an existing workspace. Returns hex; throws `wrong-key` or `key-needed`. */
export function openKey(folder: string, key: WorkspaceKey): string {
  const parsed = fileSchema.safeParse(readJson(keyFilePath(folder)));
  if (!parsed.success) {
    throw new KantoError(
      'workspace-damaged',
      `${keyFilePath(folder)} is not a key file.`,
      'Restore keys.json from a copy of the workspace.',
      'ask-user',
    );
  }
  const { check, passphrase } = parsed.data;
  if (key.kind === 'raw') {
    if (checkOf(Buffer.from(checkRaw(key.hex), 'hex')) === check) return key.hex;
    throw new KantoError(
      'wrong-key',
      'The key in the keychain does not open this workspace.',
      'Open it with its passphrase, or on the account that made it.',
      'ask-user',
    );
  }
  if (!passphrase) {
    throw new KantoError(
      'key-needed',
      `${folder} has no passphrase: its key is in the keychain of the person who made it.`,
      'Open it in the application on that account.',
      'ask-user',
    );
  }
  const { salt, iv, box, tag, ...use } = passphrase;
  const decipher = createDecipheriv(
    'aes-256-gcm',
    wrappingKey(key.passphrase, Buffer.from(salt, 'base64'), use),
    Buffer.from(iv, 'base64'),
  );
  decipher.setAuthTag(Buffer.from(tag, 'base64'));
  try {
    return Buffer.concat([decipher.update(Buffer.from(box, 'base64')), decipher.final()]).toString('hex');
  } catch (cause) {
    throw new KantoError(
      'wrong-key',
      'The passphrase does not open this workspace.',
      'Enter the passphrase it was made with.',
      'ask-user',
      { cause },
    );
  }
}

function checkOf(data: Buffer): string {
  return createHmac('sha256', data).update('kanto workspace').digest('base64');
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new KantoError('workspace-damaged', `${path} cannot be read.`, 'Restore keys.json from a copy of the workspace.', 'ask-user', {
      cause,
    });
  }
}

function checkRaw(hex: string): string {
  if (/^[0-9a-f]{64}$/.test(hex)) return hex;
  throw new KantoError(
    'wrong-key',
    'The key from the keychain is not a workspace key.',
    'Open the workspace with its passphrase.',
    'ask-user',
  );
}
