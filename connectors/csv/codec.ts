// Bytes of a file as text and back, without losing a byte that is not touched.
import { TextDecoder } from 'node:util';
import iconv from 'iconv-lite';

/**
 * A file is split in its "carrier" form: a string with one code unit for each unit of the encoding (a byte, or two in UTF-16). That form is
 * lossless, so lines that are not changed go back byte for byte; only single cells are decoded and encoded.
 */
export interface Codec {
  /** The name that `encoding` in the configuration takes. */
  readonly name: string;
  /** Bytes of one unit. */
  readonly unit: 1 | 2;
  toCarrier(bytes: Buffer): string;
  fromCarrier(carrier: string): Buffer;
  /** The text of a cell, or undefined when its bytes are none in this encoding. */
  decode(carrier: string): string | undefined;
  /** No unit of a separator is ever part of another character, so a line may be decoded before it is cut. */
  readonly cutsAnywhere: boolean;
  /** The carrier of a text, or undefined when the encoding lacks one of its characters. */
  encode(text: string): string | undefined;
}

const beyondAscii = /[^\0-\x7f]/;
const halfCharacter = /\p{Surrogate}/u;

/** A codec by its name, or undefined when there is none of that name. */
export function createCodec(name: string): Codec | undefined {
  const wide = /^utf-?16(le|be)?$/i.exec(name);
  if (wide !== null) return wideCodec(wide[1]?.toLowerCase() === 'be');
  const canonical = canonicalName(name);
  if (canonical === undefined) return undefined;
  return canonical === 'utf-8' ? utf8Codec() : legacyCodec(canonical);
}

function canonicalName(name: string): string | undefined {
  try {
    const known = new TextDecoder(name).encoding;
    return known === 'utf-8' || (!known.startsWith('utf-16') && iconv.encodingExists(known)) ? known : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function bytesToCarrier(bytes: Buffer): string {
  return bytes.toString('latin1');
}

function utf8Codec(): Codec {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const bytes = Buffer.alloc(4096);
  /** Bytes that are no UTF-8 decode to U+FFFD, so only a text that holds one needs the strict decoder. */
  const decode = (carrier: string) => {
    if (carrier.length > bytes.length) return decodeOrNothing(decoder, Buffer.from(carrier, 'latin1'));
    const length = bytes.write(carrier, 'latin1');
    const text = bytes.toString('utf8', 0, length);
    return text.includes('\ufffd') ? decodeOrNothing(decoder, bytes.subarray(0, length)) : text;
  };
  return {
    name: 'utf-8',
    unit: 1,
    cutsAnywhere: true,
    toCarrier: bytesToCarrier,
    fromCarrier: (carrier) => Buffer.from(carrier, 'latin1'),
    decode: (carrier) => (beyondAscii.test(carrier) ? decode(carrier) : carrier),
    encode(text) {
      if (!beyondAscii.test(text)) return text;
      return halfCharacter.test(text) ? undefined : bytesToCarrier(Buffer.from(text, 'utf8'));
    },
  };
}

/** Encodings with characters of several bytes, which can hold a byte that means a separator by itself. */
const manyBytes: ReadonlySet<string> = new Set(['gbk', 'gb18030', 'big5', 'euc-jp', 'iso-2022-jp', 'shift_jis', 'euc-kr']);

function legacyCodec(name: string): Codec {
  const decoder = new TextDecoder(name, { fatal: true });
  const decode = (carrier: string) => (beyondAscii.test(carrier) ? decodeOrNothing(decoder, Buffer.from(carrier, 'latin1')) : carrier);
  return {
    name,
    unit: 1,
    cutsAnywhere: !manyBytes.has(name),
    toCarrier: bytesToCarrier,
    fromCarrier: (carrier) => Buffer.from(carrier, 'latin1'),
    decode,
    encode: manyBytes.has(name) ? guardedEncoder(name, decode) : byteEncoder(decode),
  };
}

function guardedEncoder(name: string, decode: Codec['decode']): Codec['encode'] {
  return (text) => {
    const carrier = bytesToCarrier(iconv.encode(text, name));
    return decode(carrier) === text ? carrier : undefined;
  };
}

/** The decoder of an encoding of one byte a character, turned around: whatever is read is written as the byte that it was. */
function byteEncoder(decode: Codec['decode']): Codec['encode'] {
  const bytes = new Map<string, string>();
  for (let code = 0; code < 256; code += 1) {
    const byte = String.fromCharCode(code);
    const char = decode(byte);
    if (char !== undefined) bytes.set(char, byte);
  }
  return (text) => {
    let carrier = '';
    for (const char of text) {
      const byte = bytes.get(char);
      if (byte === undefined) return undefined;
      carrier += byte;
    }
    return carrier;
  };
}

function wideCodec(isBigEndian: boolean): Codec {
  return {
    name: isBigEndian ? 'utf-16be' : 'utf-16le',
    unit: 2,
    cutsAnywhere: true,
    toCarrier: (bytes) => (isBigEndian ? Buffer.from(bytes).swap16() : bytes).toString('utf16le'),
    fromCarrier(carrier) {
      const bytes = Buffer.from(carrier, 'utf16le');
      return isBigEndian ? bytes.swap16() : bytes;
    },
    decode: (carrier) => (halfCharacter.test(carrier) ? undefined : carrier),
    encode: (text) => (halfCharacter.test(text) ? undefined : text),
  };
}

function decodeOrNothing(decoder: TextDecoder, bytes: Buffer): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
