// What connectors that speak HTTP have in common: the way through proxies, headers that tell times, and errors below HTTP.
import { isIPv4 } from 'node:net';
import { rootCertificates } from 'node:tls';
import { EnvHttpProxyAgent } from 'undici';
import { ConnectorError } from '../contract.ts';
import { certificateError } from './certificates.ts';
import { connectorError } from './errors.ts';

export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** What a request was about, without its query, which may hold a key: `PATCH /people/7`. */
export type Subject = string;

const timeoutMs = 30_000;

/** Connections to a system, through the proxies that the environment names. `authority` (PEM) is trusted beside those that the computer knows. */
export function createDispatcher(authority: string | undefined): EnvHttpProxyAgent {
  const trust = authority === undefined ? {} : { ca: [...rootCertificates, authority] };
  return new EnvHttpProxyAgent({
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: { timeout: timeoutMs, ...trust },
    requestTls: { timeout: timeoutMs, ...trust },
  });
}

/** Credentials and records do not travel readable unless somebody chose so (`insecure`). Throws `invalid-config`. */
export function requireEncrypted({ protocol, hostname, href }: URL, insecure: boolean): void {
  const isHere = hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.'));
  if (protocol === 'https:' || (protocol === 'http:' && (isHere || insecure))) return;
  throw connectorError('invalid-config', `${href} is not encrypted.`, 'Use https://, or allow it with "insecure: true".');
}

/** Milliseconds that the system asks to be left alone. */
export function retryAfter(headers: Headers, now: number): number | undefined {
  const asked = momentIn(headers, 'retry-after', now);
  return asked === undefined ? undefined : Math.max(0, asked - now);
}

export function textIn(headers: Headers, name: string): string | undefined {
  const text = headers[name.toLowerCase()];
  return Array.isArray(text) ? text[0] : text;
}

/** Above this a number of seconds is a moment since 1970, below it a time from now. */
const epochSeconds = 1e9;

/** Epoch milliseconds out of a date, seconds from now, or epoch seconds or milliseconds (RFC 9110 and what is used). */
export function momentIn(headers: Headers, name: string, now: number): number | undefined {
  const text = textIn(headers, name)?.trim();
  if (text === undefined || text === '') return undefined;
  if (!/^\d+(\.\d+)?$/.test(text)) {
    const date = Date.parse(text);
    return Number.isNaN(date) ? undefined : date;
  }
  const number = Number(text);
  if (number > epochSeconds * 1000) return number;
  return number > epochSeconds ? number * 1000 : now + number * 1000;
}

/** What went wrong below HTTP. Others come back as they are. */
export function transportError(system: string, subject: Subject, error: unknown): unknown {
  if (error instanceof ConnectorError || !(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (error.name === 'AbortError') {
    return connectorError('cancelled', `${subject} at ${system} was cancelled.`, 'Start it again when you are ready.', error);
  }
  const untrusted = certificateError(system, error);
  if (untrusted !== undefined) return untrusted;
  return connectorError(
    'unavailable',
    `${system} did not answer ${subject}${code === '' ? '' : ` (${code})`}.`,
    'Check the address and the network; the run tries again.',
    error,
  );
}
