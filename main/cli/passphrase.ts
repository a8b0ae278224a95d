// The key of the workspace's state: from the environment, else asked at the terminal, else refused.
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { WorkspaceKey } from '../../preload/contract/engine-protocol.ts';
import { KantoError } from '../core/model/error.ts';

/** Asks without showing what is typed. */
async function ask(question: string): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}

/** The passphrase as a key. A new one is asked twice. */
export async function workspaceKey(isNew: boolean): Promise<WorkspaceKey> {
  const given = process.env['KANTO_PASSPHRASE'];
  if (given !== undefined && given !== '') return { kind: 'passphrase', passphrase: given };
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) {
    throw new KantoError(
      'key-needed',
      'The workspace needs its passphrase, and there is no terminal to ask at.',
      'Set KANTO_PASSPHRASE, or run the command in a terminal.',
      'ask-user',
    );
  }
  const passphrase = await ask(isNew ? 'Choose a passphrase for the new workspace: ' : 'Passphrase: ');
  if (passphrase === '') throw new KantoError('key-needed', 'The passphrase is empty.', 'Type one, or set KANTO_PASSPHRASE.', 'ask-user');
  if (isNew && (await ask('The same again: ')) !== passphrase) {
    throw new KantoError('key-needed', 'The two passphrases differ.', 'Run the command again and type the same twice.', 'ask-user');
  }
  return { kind: 'passphrase', passphrase };
}
