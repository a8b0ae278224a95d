// Bytes: canonical as base64, in cells as bytes, base64 or hexadecimal digits.
import { asValue, refuse, show, written } from '../words.ts';
import type { Codec, Place } from './codec.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Files hold base64 unless they say otherwise; databases hold bytes unless an encoding or `storage: text` asks for text. */
export function bytesCodec(place: Place): Codec {
  const { encoding, storage } = place.format;
  const asText = place.textual || encoding !== undefined || storage === 'text';
  const form = encoding ?? 'base64';
  const decode = form === 'hex' ? fromHex : fromBase64;
  return {
    read: (native) => {
      if (native instanceof Uint8Array) return asValue(toBase64(native));
      const bytes = asText && typeof native === 'string' ? decode(native.trim()) : undefined;
      return bytes === undefined ? refuse(`not bytes: ${show(native)}${asText ? ` (expected ${form})` : ''}`) : asValue(toBase64(bytes));
    },
    write: (value) => {
      const bytes = typeof value === 'string' ? fromBase64(value) : undefined;
      if (bytes === undefined) return refuse(`not bytes in base64: ${show(value)}`);
      if (!asText) return written(bytes);
      return written(form === 'hex' ? toHex(bytes) : toBase64(bytes));
    },
    keeps: () => false,
  };
}

export function toBase64(bytes: Uint8Array): string {
  const chunks: string[] = [];
  for (let index = 0; index < bytes.length; index += 3) {
    const word = ((bytes[index] ?? 0) << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0);
    const left = bytes.length - index;
    const sign = (shift: number): string => alphabet.charAt((word >> shift) & 63);
    chunks.push(sign(18) + sign(12) + (left > 1 ? sign(6) : '=') + (left > 2 ? sign(0) : '='));
  }
  return chunks.join('');
}

/** Strict: padding is there, and no bit is set that stands for nothing. */
function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  for (let index = 0, at = 0; index < text.length; index += 4, at += 3) {
    const value = (offset: number): number => Math.max(alphabet.indexOf(text.charAt(index + offset)), 0);
    const word = (value(0) << 18) | (value(1) << 12) | (value(2) << 6) | value(3);
    for (let part = 0; part < 3 && at + part < bytes.length; part += 1) bytes[at + part] = (word >> (16 - part * 8)) & 255;
  }
  return toBase64(bytes) === text ? bytes : undefined;
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[\da-fA-F]*$/.test(text)) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = Number.parseInt(text.slice(index * 2, index * 2 + 2), 16);
  return bytes;
}
