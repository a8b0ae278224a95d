// Private WebDAV servers for tests: in temporary folders, on free ports, ended with the tests.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';

export interface WebServer extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** The folder that it serves. */
  readonly files: string;
  readonly user: string;
  readonly password: string;
  kill(): Promise<void>;
  start(): Promise<void>;
}

interface Program {
  readonly path: string;
  readonly packages: string;
  /** Its arguments; files that it needs are written into `folder`. */
  prepare(folder: string, files: string, port: number): Promise<readonly string[]>;
}

const user = 'ann';
const password = 'a secret of the tests';

const apacheWith = (...more: readonly string[]): Program => ({
  path: '/usr/sbin/apache2',
  packages: 'apache2',
  async prepare(folder, files, port) {
    const modules = ['mpm_event', 'authn_core', 'authn_file', 'authz_core', 'authz_user', 'auth_basic', 'dav', 'dav_fs'];
    await writeFile(join(folder, 'users'), `${user}:{SHA}${createHash('sha1').update(password).digest('base64')}\n`);
    const settings = [
      ...modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`),
      `ServerRoot ${folder}`,
      `PidFile ${join(folder, 'pid')}`,
      `ErrorLog ${join(folder, 'log')}`,
      `DavLockDB ${join(folder, 'locks')}`,
      'ServerName localhost',
      `Listen 127.0.0.1:${port}`,
      ...(process.getuid?.() === 0 ? ['User www-data', 'Group www-data'] : []),
      `DocumentRoot ${files}`,
      `<Directory ${files}>`,
      '  Dav On',
      '  AuthType Basic',
      '  AuthName files',
      `  AuthUserFile ${join(folder, 'users')}`,
      '  Require valid-user',
      '</Directory>',
      ...more,
    ];
    await writeFile(join(folder, 'config'), settings.join('\n'));
    return ['-X', '-f', join(folder, 'config')];
  },
});

/** A server that sends entity tags with properties only: it knows no types of files. */
const lighttpd: Program = {
  path: '/usr/sbin/lighttpd',
  packages: 'lighttpd lighttpd-mod-webdav',
  async prepare(folder, files, port) {
    await writeFile(join(folder, 'users'), `${user}:${password}\n`);
    const settings = [
      'server.modules = ("mod_auth", "mod_authn_file", "mod_webdav")',
      `server.document-root = "${files}"`,
      'server.bind = "127.0.0.1"',
      `server.port = ${port}`,
      `server.errorlog = "${join(folder, 'log')}"`,
      `server.upload-dirs = ("${folder}")`,
      'auth.backend = "plain"',
      `auth.backend.plain.userfile = "${join(folder, 'users')}"`,
      'auth.require = ("/" => ("method" => "basic", "realm" => "files", "require" => "valid-user"))',
      'webdav.activate = "enable"',
      `webdav.sqlite-db-name = "${join(folder, 'locks')}"`,
    ];
    await writeFile(join(folder, 'config'), settings.join('\n'));
    return ['-D', '-f', join(folder, 'config')];
  },
};

/** A server that takes conditions for nothing and has no locks. */
const nginx: Program = {
  path: '/usr/sbin/nginx',
  packages: 'nginx-light libnginx-mod-http-dav-ext',
  async prepare(folder, files, port) {
    await writeFile(join(folder, 'users'), `${user}:{SHA}${createHash('sha1').update(password).digest('base64')}\n`);
    const own = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${join(folder, name)};`);
    const settings = [
      'load_module /usr/lib/nginx/modules/ngx_http_dav_ext_module.so;',
      ...(process.getuid?.() === 0 ? ['user root;'] : []),
      `daemon off; master_process off; pid ${join(folder, 'pid')}; error_log ${join(folder, 'log')};`,
      'events {}',
      'http {',
      `access_log off; ${own.join(' ')}`,
      `server { listen 127.0.0.1:${port}; root ${files}; dav_methods PUT DELETE MOVE; dav_ext_methods PROPFIND OPTIONS;`,
      `auth_basic files; auth_basic_user_file ${join(folder, 'users')}; }`,
      '}',
    ];
    await writeFile(join(folder, 'config'), settings.join('\n'));
    return ['-e', join(folder, 'log'), '-c', join(folder, 'config')];
  },
};

/** A server that takes conditions for nothing, keeps locks, and leaves half a file where an upload broke. */
const rclone: Program = {
  path: '/usr/bin/rclone',
  packages: 'rclone',
  async prepare(_folder, files, port) {
    return [
      'serve',
      'webdav',
      files,
      '--addr',
      `127.0.0.1:${port}`,
      '--user',
      user,
      '--pass',
      password,
      '--config',
      '/dev/null',
      '--dir-cache-time',
      '0s',
    ];
  },
};

export const startApache = (): Promise<WebServer> => startServer(apacheWith());
/** Files without entity tags. */
export const startTagless = (): Promise<WebServer> => startServer(apacheWith('FileETag None'));
export const startLighttpd = (): Promise<WebServer> => startServer(lighttpd);
export const startNginx = (): Promise<WebServer> => startServer(nginx);
export const startRclone = (): Promise<WebServer> => startServer(rclone);

async function startServer(program: Program): Promise<WebServer> {
  if (!existsSync(program.path))
    throw new Error(`${program.path} is missing. On Debian: apt-get install -y --no-install-recommends ${program.packages}`);
  const folder = await mkdtemp(join(tmpdir(), 'kanto-webdav-'));
  const files = join(folder, 'files');
  await mkdir(files);
  // The server may run as a user of its own.
  for (const path of [folder, files]) await chmod(path, 0o777);
  const port = await freePort();
  const args = await program.prepare(folder, files, port);
  const url = `http://127.0.0.1:${port}/`;
  let child: ChildProcess | undefined;
  const kill = async () => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  const start = async () => {
    child = spawn(program.path, args, { stdio: 'ignore' });
    for (;;) {
      if (child.exitCode !== null) throw new Error(`${program.path} did not start (exit ${child.exitCode}).`);
      const isThere = await fetch(url).then(
        () => true,
        () => false,
      );
      if (isThere) return;
      await sleep(20);
    }
  };
  await start();
  return {
    port,
    url,
    files,
    user,
    password,
    kill,
    start,
    async [Symbol.asyncDispose]() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
