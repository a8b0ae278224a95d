// Lists of single values in one cell: with a separator, or as a JSON array.
import type { FieldType, ScalarType } from '../../model/field.ts';
import type { Read, Written } from '../../model/sync.ts';
import type { Scalar, Value } from '../../model/value.ts';
import { compareCodePoints, asValue, refuse, show, written } from '../words.ts';
import type { Refusal } from '../words.ts';
import type { Codec } from './codec.ts';
import { parseJson, printJson } from './json-text.ts';
import type { JsonNode } from './json-text.ts';
import { literal } from './literal.ts';

type ListType = Extract<FieldType, { kind: 'list' }>;

/**
 * `item` is the codec of the items at a place that holds text. With a separator, `\` before a separator or another `\` takes it literally,
 * empty items (in their normal form) are no items, and an empty text among the items of a value cannot be written.
 */
export function listCodec(type: ListType, separator: string | undefined, item: Codec): Codec {
  const form = separator === undefined ? jsonForm(type.of) : separatedForm(separator);
  const keepsItem = (one: Scalar): boolean => one !== '' && item.keeps(one);
  return {
    readsSpaces: separator !== undefined && type.of.kind === 'text',
    read: (native) => {
      if (typeof native !== 'string') return refuse(`not a list: ${show(native)}`);
      const texts = form.split(native);
      return 'ok' in texts ? texts : readItems(type, texts, item, separator === undefined);
    },
    write: (value) => (typeof value === 'object' ? writeItems(value, form, item) : refuse(`not a list: ${show(value)}`)),
    // Items may run into a separator of several characters that repeats itself.
    keeps: (value) =>
      separator?.length === 1 &&
      type.of.kind === 'text' &&
      typeof value === 'object' &&
      value.every(keepsItem) &&
      isInOrder(value, type.ordered),
  };
}

/** A list in its normal form: one without order is sorted by code point and has no doubles. */
export function canonicalList(items: readonly Scalar[], ordered: boolean): readonly Scalar[] {
  return isInOrder(items, ordered) ? items : [...new Set(items)].sort((a, b) => compareCodePoints(String(a), String(b)));
}

/** Whether a list without order is sorted and has no doubles. */
function isInOrder(items: readonly Scalar[], ordered: boolean): boolean {
  if (ordered) return true;
  for (let index = 1; index < items.length; index += 1) {
    if (compareCodePoints(String(items[index - 1]), String(items[index])) >= 0) return false;
  }
  return true;
}

interface ListForm {
  /** The texts of the items. */
  readonly split: (text: string) => readonly string[] | Refusal;
  readonly join: (texts: readonly string[]) => Written;
}

function readItems(type: ListType, texts: readonly string[], item: Codec, keepsEmpty: boolean): Read {
  const items: Scalar[] = [];
  for (const [index, text] of texts.entries()) {
    const read = item.read(text);
    if (!read.ok) return refuse(`item ${index + 1} of the list: ${read.why}`);
    if (isScalar(read.value) && (keepsEmpty || read.value !== '')) items.push(read.value);
  }
  return asValue(canonicalList(items, type.ordered));
}

function writeItems(value: readonly Scalar[], form: ListForm, item: Codec): Written {
  const texts: string[] = [];
  for (const [index, scalar] of value.entries()) {
    const out = item.write(scalar);
    if (!out.ok) return refuse(`item ${index + 1} of the list: ${out.why}`);
    texts.push(String(out.native));
  }
  return form.join(texts);
}

function isScalar(value: Value): value is Scalar {
  return typeof value === 'string' || typeof value === 'boolean';
}

function separatedForm(separator: string): ListForm {
  const parts = tokenPattern(separator);
  const isSimple = !/\p{Cs}/u.test(separator);
  return {
    split: (text) => {
      if (isSimple && !text.includes('\\')) return text.split(separator).filter((item) => item !== '');
      const items: string[] = [];
      let current = '';
      for (const [token] of text.matchAll(parts)) {
        if (token === separator) {
          items.push(current);
          current = '';
        } else {
          current += token === `\\${separator}` || token === '\\\\' ? token.slice(1) : token;
        }
      }
      items.push(current);
      return items.filter((item) => item !== '');
    },
    join: (texts) => {
      if (texts.includes('')) return refuse(`a list with an empty item cannot be written with the separator ${show(separator)}`);
      return written(texts.map((text) => escapeItem(text, separator)).join(separator));
    },
  };
}

/** Escaped separators and backslashes, separators, and whatever is between them. */
function tokenPattern(separator: string): RegExp {
  const mark = literal(separator);
  return new RegExp(`\\\\(?:${mark}|\\\\)|${mark}|[^]`, 'gu');
}

function escapeItem(text: string, separator: string): string {
  if (!text.includes('\\') && !text.includes(separator)) return text;
  return text.replaceAll('\\', '\\\\').replaceAll(separator, () => `\\${separator}`);
}

function jsonForm(of: ScalarType): ListForm {
  return {
    split: (text) => {
      const parsed = parseJson(text);
      if ('problem' in parsed) return refuse(`not a list in JSON: ${show(text)} (${parsed.problem}; or name the separator in the format)`);
      if (!Array.isArray(parsed.node)) return refuse(`not a list in JSON: ${show(text)}`);
      const items = parsed.node as readonly JsonNode[];
      const texts = items.map((node) => nodeText(of, node));
      const bad = texts.indexOf(undefined);
      return bad < 0 ? texts.filter((item) => item !== undefined) : refuse(`item ${bad + 1} of the list is not ${of.kind}: ${show(text)}`);
    },
    join: (texts) => written(`[${texts.map((text) => textNode(of, text)).join(',')}]`),
  };
}

/** The text of an item: strings as they are, numbers only where the items are numbers. */
function nodeText(of: ScalarType, node: JsonNode): string | undefined {
  if (of.kind === 'json') return printJson(node);
  if (typeof node === 'string') return node;
  if (typeof node === 'boolean') return of.kind === 'boolean' ? String(node) : undefined;
  const isNumber = node !== null && !Array.isArray(node) && 'digits' in node;
  return isNumber && (of.kind === 'integer' || of.kind === 'decimal') ? node.digits : undefined;
}

function textNode(of: ScalarType, text: string): string {
  const isBare =
    of.kind === 'json' || of.kind === 'integer' || of.kind === 'decimal' || (of.kind === 'boolean' && /^(?:true|false)$/.test(text));
  return isBare ? text : JSON.stringify(text);
}
