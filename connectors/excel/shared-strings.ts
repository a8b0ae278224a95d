// The texts that the cells of a workbook share, in few large strings.
import type { Container } from './container.ts';
import { connectorError } from '../shared/errors.ts';
import type { Names } from './row-reader.ts';
import { namesWith, readRichText } from './row-reader.ts';
import { createTag, isNamed, scanTag } from './scan.ts';
import { decodeEscapes } from './xml.ts';

export interface SharedStrings {
  /** Undefined when there is no such text. */
  at(index: number): string | undefined;
}

/** Texts in one block. */
const perBlock = 1024;
/** One text is not longer than this with all its formatting, in UTF-16 units. */
const maxItemUnits = 1 << 24;

interface Block {
  readonly text: string;
  /** Where each text ends. */
  readonly ends: Uint32Array;
}

/** Reads the list; a workbook without one has no such texts. */
export async function readSharedStrings(container: Container, part: string | undefined, signal: AbortSignal): Promise<SharedStrings> {
  if (part === undefined) return { at: () => undefined };
  const blocks: Block[] = [];
  let texts: string[] = [];
  const close = () => {
    let end = 0;
    const ends = Uint32Array.from(texts, (text) => {
      end += text.length;
      return end;
    });
    blocks.push({ text: texts.join(''), ends });
    texts = [];
  };
  const reader = createItemReader();
  for await (const piece of container.pieces(part, signal)) {
    for (const text of reader.feed(piece)) {
      texts.push(text);
      if (texts.length === perBlock) close();
    }
    if (reader.pending() > maxItemUnits) throw tooLong(container.path, part);
  }
  close();
  return {
    at(index) {
      const block = blocks[Math.floor(index / perBlock)];
      const place = index % perBlock;
      const end = block?.ends[place];
      return block === undefined || end === undefined ? undefined : block.text.slice(place === 0 ? 0 : block.ends[place - 1], end);
    },
  };
}

function tooLong(path: string, part: string): Error {
  return connectorError(
    'unreadable',
    `${path}, part ${part}, holds a text of more than 16 million characters.`,
    'Open the workbook in Excel, let it be repaired, and save it.',
  );
}

/** Cuts the texts out of pieces. */
function createItemReader() {
  const tag = createTag();
  let buffer = '';
  let names: Names | undefined;
  let item = '';

  function next(from: number): string | undefined {
    for (let at = from; scanTag(buffer, at, tag); at = tag.end) {
      if (tag.kind !== 'open' && tag.kind !== 'empty') continue;
      if (names === undefined) {
        const root = buffer.slice(tag.nameStart, tag.nameEnd);
        const prefix = root.slice(0, root.indexOf(':') + 1);
        names = namesWith(prefix);
        item = `${prefix}si`;
      } else if (isNamed(buffer, tag, item)) return readRichText(buffer, tag, names);
    }
    return undefined;
  }

  return {
    feed(piece: string): readonly string[] {
      buffer += piece;
      const found: string[] = [];
      let past = 0;
      for (let text = next(0); text !== undefined; text = next(past)) {
        found.push(decodeEscapes(text));
        past = tag.end;
      }
      buffer = buffer.slice(past);
      return found;
    },
    pending: () => buffer.length,
  };
}
