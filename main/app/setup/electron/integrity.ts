// Checks that a file is the very one we know, before anything in it is used.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** Throws unless the file has this integrity (`sha512-` and base64, as in a lock file). */
export async function verifyIntegrity(file: string, integrity: string): Promise<void> {
  const separator = integrity.indexOf('-');
  const algorithm = integrity.slice(0, separator);
  if (algorithm !== 'sha512') throw new Error(`The integrity "${integrity}" is not a sha512 one.`);
  const hash = createHash(algorithm);
  await pipeline(createReadStream(file), hash);
  const found = `${algorithm}-${hash.digest('base64')}`;
  if (found !== integrity) {
    throw new Error(
      `${file} is not the expected file: its integrity is ${found}, expected ${integrity}. It was not unpacked. Delete it and try again.`,
    );
  }
}
