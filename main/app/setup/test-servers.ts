// The servers that tests start for themselves: found, or named as packages that the test run installs.
import { existsSync } from 'node:fs';
import type { Missing } from './system-packages.ts';

const servers: readonly (Missing & { readonly path: string })[] = [
  { path: '/usr/lib/postgresql', what: 'PostgreSQL', packages: ['postgresql'] },
  { path: '/usr/sbin/mariadbd', what: 'MariaDB', packages: ['mariadb-server'] },
  { path: '/usr/sbin/sshd', what: 'the SSH server', packages: ['openssh-server'] },
  { path: '/usr/sbin/apache2', what: 'a WebDAV server', packages: ['apache2'] },
  { path: '/usr/lib/lighttpd/mod_webdav.so', what: 'a WebDAV server', packages: ['lighttpd-mod-webdav'] },
  { path: '/usr/sbin/nginx', what: 'a WebDAV server that keeps no conditions', packages: ['nginx-light'] },
  { path: '/usr/lib/nginx/modules/ngx_http_dav_ext_module.so', what: 'its properties', packages: ['libnginx-mod-http-dav-ext'] },
  { path: '/usr/bin/rclone', what: 'a WebDAV server that keeps locks only', packages: ['rclone'] },
];

/** What is to be installed, or named with the command where this process may not. */
export function missingServers(): readonly Missing[] {
  return process.platform === 'linux' ? servers.filter(({ path }) => !existsSync(path)) : [];
}
