// YAML as people write it by hand, and changes to such a text that leave everything else in it as it is.
import { isDeepStrictEqual } from 'node:util';
import { Document, isAlias, isCollection, isMap, isPair, isScalar, isSeq, parseDocument, visit, YAMLMap, YAMLSeq } from 'yaml';
import type { Node, Pair, ParsedNode, ToStringOptions } from 'yaml';
import { isRecord } from './explain.ts';

type Json = Readonly<Record<string, unknown>>;

/** Long texts are not folded: a line changes only with its own value. */
const style: ToStringOptions = { lineWidth: 0 };
/** What older readers take for a date or a yes stands in quotes. */
const reading = { compat: 'yaml-1.1' } as const;
/** A list or a group of plain values that fits stands on one line. */
const lineLength = 90;

/** Groups of groups get a line for each; what else fits stands on one. */
function isOneLine(node: unknown): boolean {
  if (isScalar(node)) return !String(node.value).includes('\n');
  if (!isCollection(node)) return node === null;
  const values = node.items.map((item) => (isPair(item) ? item.value : item));
  if (isMap(node) && values.length > 0 && values.every(isCollection)) return false;
  return values.every(isOneLine) && JSON.stringify(node.toJSON()).length <= lineLength;
}

/** Lists stand close to their brackets. */
class CloseList extends YAMLSeq {
  override toString(...[context, ...rest]: Parameters<YAMLSeq['toString']>): string {
    return super.toString(context === undefined ? undefined : { ...context, flowCollectionPadding: '' }, ...rest);
  }
}

/** Groups do not, inside a list neither. */
class WideGroup extends YAMLMap {
  override toString(...[context, ...rest]: Parameters<YAMLMap['toString']>): string {
    return super.toString(context === undefined ? undefined : { ...context, flowCollectionPadding: ' ' }, ...rest);
  }
}

function layOut(node: Node): Node {
  visit(node, {
    Collection(_, collection) {
      if (isOneLine(collection)) collection.flow = true;
      Object.setPrototypeOf(collection, isSeq(collection) ? CloseList.prototype : WideGroup.prototype);
    },
  });
  return node;
}

/** The text of a file that is new: each key on a line of its own. */
export function yamlText(data: Json): string {
  const document = new Document({}, reading);
  for (const [key, value] of Object.entries(data)) document.set(key, layOut(document.createNode(value)));
  return document.toString(style);
}

export interface Change {
  /** What the text says now, and what that means with all short forms expanded. */
  readonly written: unknown;
  readonly meant: unknown;
  /** What it is to mean, and its shortest spelling. */
  readonly meaning: unknown;
  readonly spelling: unknown;
}

/** The text with those parts replaced whose meaning changes: every way to do so, the one that leaves most alone first. Whoever asks reads it again. */
export function changedYaml(text: string, change: Change): readonly string[] {
  const document = parseDocument(text, reading);
  if (document.contents === null || hasAlias(document)) return [];
  const edits = editsOf(text, document.contents, change);
  const edited = edits === undefined ? [] : [applied(text, edits)];
  replace(document, [], change);
  return [...edited, document.toString(style)];
}

/** One part of the text stands for another there: it cannot change alone. */
function hasAlias(document: Document.Parsed): boolean {
  let found = false;
  visit(document, {
    Node(_, node) {
      if (isAlias(node)) found = true;
    },
  });
  return found;
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

function applied(text: string, edits: readonly Edit[]): string {
  return edits
    .toSorted((a, b) => b.from - a.from)
    .reduce((current, edit) => current.slice(0, edit.from) + edit.text + current.slice(edit.to), text);
}

/** Changes of single lines; undefined where lines are not enough. */
function editsOf(text: string, node: ParsedNode, change: Change): readonly Edit[] | undefined {
  const { written, meant, meaning, spelling } = change;
  if (isDeepStrictEqual(meant, meaning)) return [];
  const [from, to] = node.range;
  if (!isMap(node) || node.flow === true || !isRecord(written) || !isRecord(meant) || !isRecord(meaning) || !isRecord(spelling))
    return text.slice(from, to).includes('\n') ? undefined : [{ from, to, text: onOneLine(spelling) }];
  const edits: Edit[] = [];
  const missing: Record<string, unknown> = {};
  for (const key of keysOf(written, meaning)) {
    if (isDeepStrictEqual(meant[key], meaning[key])) continue;
    const pair = (node as YAMLMap<ParsedNode, ParsedNode | null>).items.find(
      (item) => isScalar(item.key) && String(item.key.value) === key,
    );
    if (pair === undefined) {
      if (key in spelling) missing[key] = spelling[key];
      continue;
    }
    const inner =
      key in spelling
        ? innerEdits(text, pair, { written: written[key], meant: meant[key], meaning: meaning[key], spelling: spelling[key] })
        : removal(text, pair);
    if (inner === undefined) return undefined;
    edits.push(...inner);
  }
  if (Object.keys(missing).length > 0) edits.push(insertion(text, node, missing));
  return edits;
}

type ParsedPair = Pair<ParsedNode, ParsedNode | null>;

function innerEdits(text: string, { value }: ParsedPair, change: Change): readonly Edit[] | undefined {
  return value === null ? undefined : editsOf(text, value, change);
}

/** All lines of the pair. */
function removal(text: string, { key, value }: ParsedPair): readonly Edit[] {
  const end = text.indexOf('\n', (value ?? key).range[1] - 1);
  return [{ from: text.lastIndexOf('\n', key.range[0]) + 1, to: end === -1 ? text.length : end + 1, text: '' }];
}

/** New pairs below the last one, as far from the edge as the first. */
function insertion(text: string, map: ParsedNode, pairs: Json): Edit {
  const [from, to] = map.range;
  const indent = ' '.repeat(from - text.lastIndexOf('\n', from - 1) - 1);
  const lines = yamlText(pairs).replaceAll(/^(?=.)/gm, indent);
  const end = text.indexOf('\n', to - 1);
  return end === -1 ? { from: text.length, to: text.length, text: `\n${lines}` } : { from: end + 1, to: end + 1, text: lines };
}

function onOneLine(value: unknown): string {
  if (typeof value === 'string' && value.includes('\n')) return JSON.stringify(value);
  const document = new Document(value, reading);
  if (document.contents !== null) layOut(document.contents);
  if (isCollection(document.contents)) document.contents.flow = true;
  return document.toString(style).trimEnd();
}

function keysOf(...objects: readonly Json[]): ReadonlySet<string> {
  return new Set(objects.flatMap(Object.keys));
}

function replace(document: Document, path: readonly string[], { written, meant, meaning, spelling }: Change): void {
  if (isDeepStrictEqual(meant, meaning)) return;
  if (!isRecord(written) || !isRecord(meant) || !isRecord(meaning) || !isRecord(spelling)) {
    document.setIn(path, layOut(document.createNode(spelling)));
    return;
  }
  for (const key of keysOf(written, meaning)) {
    const at = [...path, key];
    if (isDeepStrictEqual(meant[key], meaning[key])) continue;
    if (!(key in spelling)) document.deleteIn(at);
    else if (!(key in written)) document.setIn(at, layOut(document.createNode(spelling[key])));
    else replace(document, at, { written: written[key], meant: meant[key], meaning: meaning[key], spelling: spelling[key] });
  }
}
