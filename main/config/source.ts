// One YAML or JSON file as data, with the way back from a place in the data to its line.
import { type Document, isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { describePath, type ConfigIssue, type Finding, type Path } from './issue.ts';

export interface Source {
  /** As people name it: relative to the folder. */
  readonly file: string;
  readonly data: unknown;
  /** A finding with its line and column. */
  readonly locate: (finding: Finding) => ConfigIssue;
}

/** The node at a path, or the deepest one on the way to it. `onKey` wants the key of the last step. */
function offsetAt(document: Document, path: Path, onKey: boolean): number {
  let node: unknown = document.contents;
  let offset = (document.contents as Node | null)?.range?.[0] ?? 0;
  for (const [index, part] of path.entries()) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && String(isScalar(item.key) ? item.key.value : item.key) === String(part));
      if (pair === undefined) return offset;
      const wantsKey = onKey && index === path.length - 1;
      const key = pair.key as Node | null;
      const value = pair.value as Node | null;
      offset = (wantsKey ? key?.range?.[0] : (value?.range?.[0] ?? key?.range?.[0])) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      offset = (node as Node | undefined)?.range?.[0] ?? offset;
    } else return offset;
  }
  return offset;
}

/** Reads the text of a file. Mistakes in the notation itself come back as issues, with data undefined. */
export function parseSource(file: string, text: string): { readonly source: Source; readonly issues: readonly ConfigIssue[] } {
  const lines = new LineCounter();
  const document = parseDocument(text.replace(/^\uFEFF/, ''), {
    lineCounter: lines,
    uniqueKeys: true,
    prettyErrors: false,
    version: '1.2',
  });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const issues = [...document.errors, ...document.warnings].map((problem) => ({
    file,
    ...at(problem.pos[0]),
    path: '',
    message: problem.message,
  }));
  visit(document, {
    Pair(_, pair) {
      const key = pair.key as Node | null;
      if (!isScalar(key)) issues.push({ file, ...at(key?.range?.[0] ?? 0), path: '', message: 'a key must be a plain word or text' });
    },
  });
  const locate = (finding: Finding): ConfigIssue => ({
    file,
    ...at(offsetAt(document, finding.path, finding.onKey === true)),
    path: describePath(finding.onKey === true ? finding.path.slice(0, -1) : finding.path),
    message: finding.message,
  });
  let data: unknown;
  if (issues.length === 0) {
    try {
      data = document.toJS({ maxAliasCount: 100 }) as unknown;
    } catch (error) {
      issues.push({ file, line: 1, column: 1, path: '', message: error instanceof Error ? error.message : String(error) });
    }
  }
  return { source: { file, data, locate }, issues };
}
