// Gives a text a memory of its own.

/** A copy of its own: a slice would keep the whole chunk of the file it was cut from. */
export function detach(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
