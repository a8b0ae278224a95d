// A private SSH server for tests, Debian's OpenSSH: in a temporary folder, on a free port, with keys of its own, ended with the tests.
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';

const run = promisify(execFile);
const program = '/usr/sbin/sshd';

export interface SshServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** The fingerprint of its key. */
  readonly hostKey: string;
  /** A private key that signs in, and the same behind the passphrase `open sesame`. */
  readonly privateKey: string;
  readonly lockedKey: string;
  /** A key that it does not know. */
  readonly strangerKey: string;
  kill(): Promise<void>;
  start(): Promise<void>;
}

export async function startSshd(): Promise<SshServer> {
  if (!existsSync(program))
    throw new Error('The SSH server is not installed. On Debian: apt-get install -y --no-install-recommends openssh-server');
  const folder = await mkdtemp(join(tmpdir(), 'kanto-sshd-'));
  const path = (name: string) => join(folder, name);
  const makeKey = (name: string, passphrase = '') => run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-f', path(name)]);
  await makeKey('host');
  await makeKey('user');
  await makeKey('locked', 'open sesame');
  await makeKey('stranger');
  await writeFile(path('authorized'), `${await readFile(path('user.pub'), 'utf8')}${await readFile(path('locked.pub'), 'utf8')}`, {
    mode: 0o600,
  });
  const port = await freePort();
  const settings = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${path('host')}`,
    `AuthorizedKeysFile ${path('authorized')}`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'PermitRootLogin yes',
    'Subsystem sftp internal-sftp',
    'MaxStartups 100',
    'UseDNS no',
    'PrintMotd no',
    'PrintLastLog no',
  ];
  await writeFile(path('config'), settings.join('\n'));
  // It separates its rights through this folder, which is made when a system starts it.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const [, fingerprint = ''] = (await run('ssh-keygen', ['-lf', path('host.pub')])).stdout.split(' ');
  let child: ChildProcess | undefined;
  const kill = async () => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    // Its sessions are processes of their own and outlive it.
    for (const pid of await familyOf(child.pid ?? 0)) end(pid);
    await ended;
  };
  const start = async () => {
    child = spawn(program, ['-D', '-e', '-f', path('config')], { stdio: 'ignore' });
    while (!(await answers(port))) {
      if (child.exitCode !== null) throw new Error(`The SSH server did not start (exit ${child.exitCode}).`);
      await sleep(20);
    }
  };
  await start();
  return {
    host: '127.0.0.1',
    port,
    user: userInfo().username,
    hostKey: fingerprint,
    privateKey: path('user'),
    lockedKey: path('locked'),
    strangerKey: path('stranger'),
    kill,
    start,
    async [Symbol.asyncDispose]() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // A session ends by itself when its client has gone.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** A process and all that it has started; none of one that has ended. */
async function familyOf(pid: number): Promise<readonly number[]> {
  const path = `/proc/${pid}/task/${pid}/children`;
  const children = existsSync(path) ? await readFile(path, 'utf8') : '';
  const families = await Promise.all(
    children
      .split(' ')
      .filter(Boolean)
      .map((child) => familyOf(Number(child))),
  );
  return [pid, ...families.flat()];
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED') return false;
    throw error;
  } finally {
    socket.destroy();
  }
}
