// What a WebDAV server says of one file: the properties in an answer to PROPFIND (RFC 4918).
import { SaxesParser } from 'saxes';
import { connectorError } from '../shared/errors.ts';

export interface Properties {
  readonly etag?: string;
  readonly size?: number;
  /** Epoch milliseconds, of whole seconds. */
  readonly modified?: number;
  readonly isFolder: boolean;
}

export const propertiesWanted =
  '<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop><resourcetype/><getetag/><getcontentlength/><getlastmodified/></prop></propfind>';

/** Throws `unreadable` where it is no such answer. Properties that the server has not got come empty. */
export function parseProperties(text: string, address: string): Properties {
  const parser = new SaxesParser({ xmlns: true });
  const values = new Map<string, string>();
  const path: string[] = [];
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
  parser.on('closetag', () => void path.pop());
  const addText = (piece: string) => {
    const name = path.at(-1);
    if (name !== undefined && path.at(-2) === 'prop') values.set(name, (values.get(name) ?? '') + piece);
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(text).close();
  if (!isAnswer) throw noAnswer(address);
  const etag = values.get('getetag')?.trim();
  const size = values.get('getcontentlength')?.trim();
  const modified = Date.parse(values.get('getlastmodified') ?? '');
  return {
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
