// Finds the tags of large parts one by one, by their places in the text; builds nothing.

/** `other` is a comment or an instruction. */
type TagKind = 'open' | 'empty' | 'close' | 'cdata' | 'other';

/** The last tag that was found; one object is used for all, since there are millions. */
export interface Tag {
  kind: TagKind;
  start: number;
  nameStart: number;
  nameEnd: number;
  end: number;
}

export function createTag(): Tag {
  return { kind: 'other', start: 0, nameStart: 0, nameEnd: 0, end: 0 };
}

const quote = 34;
const apostrophe = 39;
const slash = 47;
const greater = 62;

/** Finds the next tag from a place. False when the text ends before the tag does. */
export function scanTag(text: string, from: number, tag: Tag): boolean {
  const start = text.indexOf('<', from);
  if (start < 0) return false;
  tag.start = start;
  const first = text.charCodeAt(start + 1);
  if (Number.isNaN(first)) return false;
  if (first === 33 || first === 63) return scanSpecial(text, start, first, tag);
  const isClose = first === slash;
  tag.nameStart = isClose ? start + 2 : start + 1;
  let at = tag.nameStart;
  let code = text.charCodeAt(at);
  while (code > 32 && code !== slash && code !== greater) {
    at += 1;
    code = text.charCodeAt(at);
  }
  tag.nameEnd = at;
  for (;;) {
    code = text.charCodeAt(at);
    if (code === greater) break;
    if (code === quote || code === apostrophe) {
      at = text.indexOf(code === quote ? '"' : "'", at + 1);
      if (at < 0) return false;
    } else if (Number.isNaN(code)) return false;
    at += 1;
  }
  tag.end = at + 1;
  tag.kind = isClose ? 'close' : text.charCodeAt(at - 1) === slash ? 'empty' : 'open';
  return true;
}

function scanSpecial(text: string, start: number, first: number, tag: Tag): boolean {
  const isInstruction = first === 63;
  // A piece may end inside `<![CDATA[`.
  if (!isInstruction && text.length < start + 9 && !text.startsWith('<!--', start)) return false;
  const isCdata = text.startsWith('<![CDATA[', start);
  const ending = isInstruction ? '?>' : isCdata ? ']]>' : text.startsWith('<!--', start) ? '-->' : '>';
  const end = text.indexOf(ending, start + (isCdata ? 9 : ending === '-->' ? 4 : 2));
  if (end < 0) return false;
  tag.kind = isCdata ? 'cdata' : 'other';
  tag.nameStart = isCdata ? start + 9 : start;
  tag.nameEnd = end;
  tag.end = end + ending.length;
  return true;
}

/** Whether the tag has this name, prefix included. */
export function isNamed(text: string, tag: Tag, name: string): boolean {
  return tag.nameEnd - tag.nameStart === name.length && text.startsWith(name, tag.nameStart);
}

/** Calls back for each attribute of a start tag: where its name and its value (inside the quotes) are. */
export function eachAttribute(
  text: string,
  tag: Tag,
  visit: (nameStart: number, nameEnd: number, valueStart: number, valueEnd: number) => void,
): void {
  let at = tag.nameEnd;
  const last = tag.end - 1;
  for (;;) {
    while (at < last && text.charCodeAt(at) <= 32) at += 1;
    const equals = text.indexOf('=', at);
    if (equals < 0 || equals >= last) return;
    let nameEnd = equals;
    while (text.charCodeAt(nameEnd - 1) <= 32) nameEnd -= 1;
    let open = equals + 1;
    while (text.charCodeAt(open) <= 32) open += 1;
    const close = text.indexOf(text.charCodeAt(open) === quote ? '"' : "'", open + 1);
    if (close < 0 || close > last) return;
    visit(at, nameEnd, open + 1, close);
    at = close + 1;
  }
}
