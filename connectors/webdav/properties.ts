// What a WebDAV server says of files: the properties in an answer to PROPFIND (RFC 4918).
import { SaxesParser } from 'saxes';
import type { Asking } from '../remote/http-server.ts';
import { connectorError } from '../shared/errors.ts';

export interface Properties {
  readonly etag?: string;
  readonly size?: number;
  /** Epoch milliseconds, of whole seconds. */
  readonly modified?: number;
  readonly isFolder: boolean;
}

const propertiesWanted =
  '<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop><resourcetype/><getetag/><getcontentlength/><getlastmodified/></prop></propfind>';

/** The question for the properties of a file (`0`), or of a folder and what lies in it (`1`). */
export function propertiesOf(depth: '0' | '1'): Pick<Asking, 'headers' | 'body'> {
  return { headers: { depth, 'content-type': 'application/xml; charset=utf-8' }, body: propertiesWanted };
}

/** One file or folder in an answer. */
export interface Entry extends Properties {
  /** As the server wrote it: a path, or a whole address. */
  readonly href: string;
}

/** Of the one file that was asked about. Throws `unreadable` where it is no such answer. */
export function parseProperties(text: string, address: string): Properties {
  return parseEntries(text, address)[0] ?? { isFolder: false };
}

/** Throws `unreadable` where it is no such answer. Properties that the server has not got come empty. */
export function parseEntries(text: string, address: string): readonly Entry[] {
  const parser = new SaxesParser({ xmlns: true });
  const entries: Entry[] = [];
  const path: string[] = [];
  let values = new Map<string, string>();
  let isAnswer = false;
  let isFolder = false;
  parser.on('error', (error) => {
    throw noAnswer(address, error);
  });
  parser.on('opentag', ({ local, uri }) => {
    const name = uri === 'DAV:' ? local : `{${uri}}${local}`;
    isAnswer ||= path.length === 0 && name === 'multistatus';
    isFolder ||= name === 'collection' && path.at(-1) === 'resourcetype';
    path.push(name);
  });
  parser.on('closetag', () => {
    if (path.pop() !== 'response') return;
    entries.push(entryOf(values, isFolder));
    values = new Map();
    isFolder = false;
  });
  const addText = (piece: string) => {
    const [outer, name] = [path.at(-2), path.at(-1)];
    if (name !== undefined && (outer === 'prop' || (outer === 'response' && name === 'href')))
      values.set(name, (values.get(name) ?? '') + piece);
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(text).close();
  if (!isAnswer) throw noAnswer(address);
  return entries;
}

function entryOf(values: ReadonlyMap<string, string>, isFolder: boolean): Entry {
  const etag = values.get('getetag')?.trim();
  const size = values.get('getcontentlength')?.trim();
  const modified = Date.parse(values.get('getlastmodified') ?? '');
  return {
    href: (values.get('href') ?? '').trim(),
    ...(etag === undefined || etag === '' ? {} : { etag }),
    ...(size === undefined || !/^\d+$/.test(size) ? {} : { size: Number(size) }),
    ...(Number.isNaN(modified) ? {} : { modified }),
    isFolder,
  };
}

function noAnswer(address: string, cause?: unknown) {
  return connectorError(
    'unreadable',
    `${address} answered PROPFIND with something that is no WebDAV.`,
    'Check the address: it may lead to a page for people.',
    cause,
  );
}
