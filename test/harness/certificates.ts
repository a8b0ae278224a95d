// Certificates of an authority that nobody but the test knows.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

export interface Authority {
  /** Signs one for a name; below zero days it has expired. */
  sign(options?: { readonly name?: string; readonly days?: number }): Promise<Certificate>;
}

/** Makes `ca.pem` in the folder. */
export async function makeAuthority(folder: string): Promise<Authority> {
  const openssl = (...args: readonly string[]) => promisify(execFile)('openssl', [...args], { cwd: folder });
  const fresh = ['-newkey', 'rsa:2048', '-nodes'];
  await openssl('req', '-x509', ...fresh, '-days', '2', '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Our own authority');
  let count = 0;
  return {
    async sign({ name = 'localhost', days = 2 } = {}) {
      count += 1;
      const [key, request, cert] = [`${count}.key`, `${count}.csr`, `${count}.pem`];
      const names = `subjectAltName=DNS:${name}${name === 'localhost' ? ',IP:127.0.0.1' : ''}`;
      await openssl('req', '-new', ...fresh, '-keyout', key, '-out', request, '-subj', `/CN=${name}`, '-addext', names);
      const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-copy_extensions', 'copy'];
      await openssl('x509', '-req', '-in', request, ...by, '-days', String(days), '-out', cert);
      const text = (file: string) => readFile(join(folder, file), 'utf8');
      return { key: await text(key), cert: await text(cert) };
    },
  };
}
