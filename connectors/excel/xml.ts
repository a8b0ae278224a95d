// Small parts of a workbook as a tree whose elements know where they are in the text, so that an edit touches nothing else.
import { SaxesParser } from 'saxes';
import { connectorError } from '../shared/errors.ts';

/** An element by its local name; of a vocabulary that is not ours, `{namespace}name`. */
export interface Element {
  readonly name: string;
  /** As it is written, with its prefix. */
  readonly tag: string;
  /** By name; one of the relationships' namespace is `r:name`, of any other namespace `{namespace}name`. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly Element[];
  /** The text directly inside. */
  readonly text: string;
  readonly start: number;
  /** Behind the start tag. */
  readonly startEnd: number;
  readonly end: number;
}

/** Transitional and strict workbooks name the same things differently. */
const ours =
  /^http:\/\/(?:schemas\.openxmlformats\.org\/(?:spreadsheetml\/2006\/main|package\/2006\/(?:relationships|content-types))|purl\.oclc\.org\/ooxml\/spreadsheetml\/main)$/;
const relationships =
  /^http:\/\/(?:schemas\.openxmlformats\.org\/officeDocument\/2006|purl\.oclc\.org\/ooxml\/officeDocument)\/relationships$/;

type Open = { -readonly [Key in keyof Element]: Element[Key] } & { readonly attributes: Map<string, string>; readonly children: Element[] };

/** Parses a part; `where` names it for people. */
export function parseXml(text: string, where: string): Element {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const open: Open[] = [];
  const roots: Element[] = [];
  let start = 0;
  parser.on('error', (error) => {
    throw connectorError(
      'unreadable',
      `${where} is damaged: ${error.message}`,
      'Open the workbook in Excel, let it be repaired, and save it.',
      error,
    );
  });
  parser.on('opentagstart', () => {
    start = text.lastIndexOf('<', parser.position - 1);
  });
  parser.on('opentag', ({ name, local, uri, attributes }) => {
    const named = new Map<string, string>();
    for (const { local: key, uri: space, prefix, value } of Object.values(attributes)) {
      if (prefix !== 'xmlns' && key !== 'xmlns')
        named.set(space === '' ? key : relationships.test(space) ? `r:${key}` : `{${space}}${key}`, value);
    }
    const isOurs = ours.test(uri);
    open.push({
      name: isOurs ? local : `{${uri}}${local}`,
      tag: name,
      attributes: named,
      children: [],
      text: '',
      start,
      startEnd: parser.position,
      end: 0,
    });
  });
  const addText = (piece: string) => {
    const current = open.at(-1);
    if (current !== undefined) current.text += piece;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const done = open.pop();
    if (done === undefined) return;
    done.end = parser.position;
    (open.at(-1)?.children ?? roots).push(done);
  });
  parser.write(text).close();
  const [root] = roots;
  if (root === undefined) throw connectorError('unreadable', `${where} holds nothing.`, 'Open the workbook in Excel and save it again.');
  return root;
}

export function childrenOf(element: Element | undefined, name: string): readonly Element[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

export function childOf(element: Element | undefined, name: string): Element | undefined {
  return element?.children.find((child) => child.name === name);
}

/** Yes or no as XML Schema writes it. */
export function isTrue(value: string | undefined): boolean {
  return value === '1' || value === 'true' || value === 'on';
}

/** In the place of some characters of a text. */
export interface Patch {
  readonly at: number;
  readonly length: number;
  readonly text: string;
}

/** Sets an attribute without a prefix in a start tag. */
export function attributePatch(text: string, element: Element, name: string, value: string): Patch {
  const tag = text.slice(element.start, element.startEnd);
  const found = new RegExp(`(\\s${name}\\s*=\\s*)("[^"]*"|'[^']*')`).exec(tag);
  if (found !== null) {
    const [whole, before = ''] = found;
    return { at: element.start + found.index + before.length, length: whole.length - before.length, text: `"${escapeText(value)}"` };
  }
  return { at: element.start + 1 + element.tag.length, length: 0, text: ` ${name}="${escapeText(value)}"` };
}

/** A start tag without an attribute. */
export function withoutAttributeAt(tag: string, name: string): string {
  return tag.replace(new RegExp(`\\s${name}\\s*=\\s*("[^"]*"|'[^']*')`), '');
}

export function withoutElement(element: Element): Patch {
  return { at: element.start, length: element.end - element.start, text: '' };
}

/** A text with patches, which do not overlap; those at the same place come in their order. */
export function patched(text: string, patches: readonly Patch[]): string {
  let result = '';
  let past = 0;
  for (const { at, length, text: inserted } of [...patches].sort((a, b) => a.at - b.at)) {
    result += text.slice(past, at) + inserted;
    past = at + length;
  }
  return result + text.slice(past);
}

/** Text as it stands between tags and in attributes. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, (char) => (char === '&' ? '&amp;' : char === '<' ? '&lt;' : char === '>' ? '&gt;' : '&quot;'));
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The text that entities stand for; undefined when one is not known. */
export function unescapeText(text: string): string | undefined {
  if (!text.includes('&')) return text;
  let isKnown = true;
  const result = text.replace(/&(#x[0-9a-fA-F]+|#\d+|\w+);|&/g, (_, entity: string | undefined) => {
    const code =
      entity?.startsWith('#x') === true
        ? Number.parseInt(entity.slice(2), 16)
        : entity?.startsWith('#') === true
          ? Number(entity.slice(1))
          : undefined;
    const char = code === undefined ? named[entity ?? ''] : code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
    if (char === undefined) isKnown = false;
    return char ?? '';
  });
  return isKnown ? result : undefined;
}

/** Characters that XML cannot hold are written `_x0007_` in cells. */
export function decodeEscapes(text: string): string {
  return text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text;
}

/** The other way: also what only looks like such an escape. */
export function encodeEscapes(text: string): string {
  const escaped = text.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_');
  return escaped.replace(/[\p{Cc}\ufffe\uffff]/gu, (char) => {
    const code = char.charCodeAt(0);
    const isAllowed = char === '\t' || char === '\n' || (code >= 0x20 && code < 0xfffe);
    return isAllowed ? char : `_x${code.toString(16).toUpperCase().padStart(4, '0')}_`;
  });
}
