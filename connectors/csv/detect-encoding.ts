// Finds the encoding of a file: byte order mark, then strict UTF-8, then UTF-16 by its zero bytes, then a guess among the common old ones.
import { isAscii } from 'node:buffer';
import jschardet from 'jschardet';

export interface DetectedEncoding {
  readonly name: string;
  /** Length of the byte order mark. */
  readonly markBytes: number;
}

/** Guesses of the library that we follow, with the name the codec uses. Anything else is taken for Windows-1252. */
const guesses: Readonly<Record<string, string>> = {
  'windows-1250': 'windows-1250',
  'windows-1251': 'windows-1251',
  'windows-1253': 'windows-1253',
  'windows-1255': 'windows-1255',
  'iso-8859-2': 'iso-8859-2',
  'iso-8859-5': 'iso-8859-5',
  'iso-8859-7': 'iso-8859-7',
  'koi8-r': 'koi8-r',
  shift_jis: 'shift_jis',
  cp932: 'shift_jis',
  'euc-jp': 'euc-jp',
  'euc-kr': 'euc-kr',
  cp949: 'euc-kr',
  gb2312: 'gb18030',
  gb18030: 'gb18030',
  big5: 'big5',
};

/** These bytes are letters in the Windows encoding and control characters, which no table holds, in its twin. */
const windowsTwins: Readonly<Record<string, string>> = { 'iso-8859-2': 'windows-1250', 'iso-8859-7': 'windows-1253' };

/** The library is sure of little: on our samples right guesses of other scripts begin at 0.09, wrong ones on Western text end at 0.05. */
const leastConfidence = 0.08;

/** The encoding that the bytes show. `sample` is the start of the file, or the first part of it that is not plain ASCII. */
export function detectEncoding(start: Buffer, sample: Buffer): DetectedEncoding {
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return { name: 'utf-8', markBytes: 3 };
  if (start[0] === 0xff && start[1] === 0xfe) return { name: 'utf-16le', markBytes: 2 };
  if (start[0] === 0xfe && start[1] === 0xff) return { name: 'utf-16be', markBytes: 2 };
  const wide = wideByZeros(start);
  if (wide !== undefined) return { name: wide, markBytes: 0 };
  return { name: isMostlyUtf8(sample) ? 'utf-8' : guess(sample), markBytes: 0 };
}

/** In UTF-16 without a mark, Western text has a zero in nearly every second byte. */
function wideByZeros(bytes: Buffer): string | undefined {
  const zeros = [0, 0];
  for (let index = 0; index < bytes.length; index += 1) {
    if (bytes[index] === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  }
  const [even = 0, odd = 0] = zeros;
  const enough = bytes.length * 0.15;
  if (odd > enough && even < odd / 10) return 'utf-16le';
  if (even > enough && odd < even / 10) return 'utf-16be';
  return undefined;
}

/**
 * One line that was edited in another encoding must not turn the whole file into something else: the file is UTF-8 when more of its
 * characters beyond ASCII are good UTF-8 than bad. Text in an old encoding is almost never good UTF-8 by accident.
 */
function isMostlyUtf8(bytes: Buffer): boolean {
  if (isAscii(bytes)) return true;
  let good = 0;
  let bad = 0;
  for (let index = 0; index < bytes.length; ) {
    const lead = bytes[index] ?? 0;
    const length =
      lead < 0x80 ? 1 : lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
    if (length === 1) index += 1;
    else if (index + length > bytes.length && isContinued(bytes, index + 1, bytes.length))
      break; // cut by the end of the sample
    else if (length > 0 && isContinued(bytes, index + 1, index + length)) {
      good += 1;
      index += length;
    } else {
      bad += 1;
      index += 1;
    }
  }
  return good > bad;
}

function isContinued(bytes: Buffer, from: number, to: number): boolean {
  for (let index = from; index < to; index += 1) if (((bytes[index] ?? 0) & 0xc0) !== 0x80) return false;
  return true;
}

function guess(bytes: Buffer): string {
  const { encoding, confidence } = jschardet.detect(bytes);
  const name = encoding === null ? undefined : guesses[encoding.toLowerCase()];
  if (name === undefined || confidence < leastConfidence) return 'windows-1252';
  return bytes.some((byte) => byte >= 0x80 && byte < 0xa0) ? (windowsTwins[name] ?? name) : name;
}
