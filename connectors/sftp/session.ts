// One session with an SFTP server: opened when it is needed, opened again after it broke, ended with the signal of whoever waits for it.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { ConnectConfig, SFTPWrapper } from 'ssh2';
import ssh2 from 'ssh2';
import type { ConnectorContext } from '../contract.ts';
import { connectorError, throwIfCancelled } from '../shared/errors.ts';
import { addressOf } from './config.ts';
import type { SftpConfig } from './config.ts';
import { translate } from './errors.ts';

/** The requests that are used, each waiting for its answer. */
export interface Sftp {
  readonly raw: SFTPWrapper;
  stat(path: string): Promise<import('ssh2').Stats>;
  realpath(path: string): Promise<string>;
}

export interface Session extends AsyncDisposable {
  readonly address: string;
  run<T>(signal: AbortSignal, work: (sftp: Sftp) => Promise<T>): Promise<T>;
}

const readyTimeoutMs = 15_000;
const keepAliveMs = 10_000;

interface Open {
  readonly client: ssh2.Client;
  readonly sftp: Sftp;
  /** Rejects when the session breaks. */
  readonly broken: Promise<never>;
}

export function createSession(config: SftpConfig, context: ConnectorContext): Session {
  const address = addressOf(config);
  let opening: Promise<Open> | undefined;
  const session = (): Promise<Open> => {
    opening ??= open(config, context, address, () => (opening = undefined));
    return opening;
  };
  const close = async () => {
    const last = opening;
    opening = undefined;
    const found = await last?.catch(() => undefined); // One that never opened has told whoever opened it.
    found?.client.end();
  };
  return {
    address,
    async run(signal, work) {
      throwIfCancelled(signal, `Work on ${address}`);
      const { promise: aborted, reject } = Promise.withResolvers<never>();
      const stop = () => reject(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
      try {
        const { sftp, broken } = await Promise.race([session(), aborted]);
        return await Promise.race([work(sftp), broken, aborted]);
      } catch (error) {
        if (signal.aborted) await close();
        throwIfCancelled(signal, `Work on ${address}`);
        throw translate(error, address);
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
    [Symbol.asyncDispose]: close,
  };
}

async function open(config: SftpConfig, context: ConnectorContext, address: string, onEnd: () => void): Promise<Open> {
  const password = context.secret('password');
  const { host, port, user: username } = config;
  let shown: string | undefined;
  const options: ConnectConfig = {
    host,
    port,
    username,
    readyTimeout: readyTimeoutMs,
    keepaliveInterval: keepAliveMs,
    hostVerifier: (key: Buffer) => {
      shown = `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
      return shown === config.hostKey;
    },
    ...(await signInWith(config, context, password)),
  };
  const client = new ssh2.Client();
  // Some servers ask for a password in a dialogue.
  client.on('keyboard-interactive', (_name, _instructions, _language, prompts, finish) => finish(prompts.map(() => password ?? '')));
  const { promise: broken, reject } = Promise.withResolvers<never>();
  broken.catch(() => undefined); // Whoever works then is told.
  const { promise: ready, resolve: isReady, reject: notReady } = Promise.withResolvers<void>();
  const end = (error: Error) => {
    onEnd();
    notReady(error);
    reject(error);
  };
  client
    .on('ready', isReady)
    .on('error', end)
    .on('close', () => end(new Error('connection lost')));
  client.connect(options).setNoDelay(true);
  try {
    await ready;
    const raw = await promisify(client.sftp.bind(client))();
    return {
      client,
      broken,
      sftp: { raw, stat: promisify(raw.stat.bind(raw)), realpath: promisify(raw.realpath.bind(raw)) },
    };
  } catch (error) {
    client.end();
    if (shown !== undefined && shown !== config.hostKey) throw hostKeyError(address, shown, config.hostKey);
    throw error;
  }
}

async function signInWith({ privateKey }: SftpConfig, context: ConnectorContext, password: string | undefined): Promise<ConnectConfig> {
  const passphrase = context.secret('passphrase');
  const agent = process.env['SSH_AUTH_SOCK'];
  if (privateKey !== undefined) {
    const path = resolve(context.baseFolder, privateKey);
    return { privateKey: await readKey(path, passphrase), ...(passphrase === undefined ? {} : { passphrase }) };
  }
  if (password !== undefined) return { password, tryKeyboard: true };
  return agent === undefined ? {} : { agent };
}

async function readKey(path: string, passphrase: string | undefined): Promise<Buffer> {
  let key: Buffer;
  try {
    key = await readFile(path);
  } catch (error) {
    throw connectorError('invalid-config', `The private key ${path} cannot be read.`, 'Check "privateKey" of the connection.', error);
  }
  const parsed = ssh2.utils.parseKey(key, passphrase);
  if (parsed instanceof Error) {
    const remedy = 'Name a private key of OpenSSH or PEM, and give its passphrase as the secret "passphrase".';
    throw connectorError('logged-out', `The private key ${path} cannot be used: ${parsed.message}.`, remedy, parsed);
  }
  return key;
}

function hostKeyError(address: string, shown: string, expected: string | undefined): Error {
  if (expected === undefined) {
    const remedy = `Compare it with what whoever runs the server says, then write "hostKey: ${shown}" in the connection.`;
    return connectorError('invalid-config', `The server of ${address} shows a key that nobody has confirmed: ${shown}.`, remedy);
  }
  return connectorError(
    'no-access',
    `The server of ${address} shows the key ${shown} and not ${expected}: another server, or somebody who listens in. Nothing was sent.`,
    'Ask whoever runs the server whether its key has changed before you change "hostKey".',
  );
}
