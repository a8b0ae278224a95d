// The picture in the README as a test: who may import whom, and how large a file may be.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { inProject } from '../../main/app/setup/paths.ts';
import { arrows, type Arrow, maxLines, topLevel } from './rules.ts';

interface Import {
  readonly from: string;
  /** A path inside the project, or the name of a package or of a Node module. */
  readonly to: string;
  readonly isPackage: boolean;
  readonly isType: boolean;
}

const codeFolders = ['main', 'renderer', 'preload', 'connectors', 'test'];

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(inProject(), join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}

/** Every import, export-from and `import()` of a file, by TypeScript's own reading of it. */
function importsOf(file: string): Import[] {
  const text = readFileSync(inProject(file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true, file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, isType: boolean) => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return;
    const isPackage = !specifier.text.startsWith('.');
    const to = isPackage ? specifier.text : relative(inProject(), resolve(dirname(inProject(file)), specifier.text)).replaceAll('\\', '/');
    found.push({ from: file, to, isPackage, isType });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeImport(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isTypeImport(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.isTypeOnly) return true;
  const bindings = clause.namedBindings;
  return (
    clause.name === undefined &&
    bindings !== undefined &&
    ts.isNamedImports(bindings) &&
    bindings.elements.every((element) => element.isTypeOnly)
  );
}

function isBroken(arrow: Arrow, found: Import): boolean {
  if (!arrow.of.test(found.from) || arrow.except?.test(found.from) === true) return false;
  const allowed = found.isPackage ? arrow.packages : arrow.files;
  if (allowed === 'any' || allowed.some((pattern) => pattern.test(found.to))) return false;
  return !(found.isType && (arrow.types ?? []).some((pattern) => pattern.test(found.to)));
}

const files = codeFolders.flatMap((folder) => sourceFiles(inProject(folder)));
const imports = files.flatMap(importsOf);

describe('architecture', () => {
  it('is read from real files', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(imports.length).toBeGreaterThan(100);
  });

  it.each(arrows.map((arrow) => [arrow.name, arrow] as const))('%s', (_name, arrow) => {
    const broken = imports.filter((found) => isBroken(arrow, found)).map(({ from, to }) => `${from} imports ${to}`);
    expect(broken).toEqual([]);
  });

  it.each(arrows.map((arrow) => [arrow.name, arrow] as const))('"%s" speaks of files that exist', (_name, arrow) => {
    expect(files.some((file) => arrow.of.test(file))).toBe(true);
  });

  it('imports files that exist, with their extension', () => {
    const missing = imports.filter(({ to, isPackage }) => !isPackage && !exists(to)).map(({ from, to }) => `${from} imports ${to}`);
    expect(missing).toEqual([]);
  });

  it('has nothing else at the top', () => {
    const extra = readdirSync(inProject()).filter((name) => !name.startsWith('.') && !topLevel.has(name));
    expect(extra).toEqual([]);
  });

  it(`has no file longer than ${maxLines} lines`, () => {
    const long = files.filter((file) => readFileSync(inProject(file), 'utf8').trimEnd().split('\n').length > maxLines);
    expect(long).toEqual([]);
  });

  it('says in the first line of each file what it is for', () => {
    const silent = files.filter((file) => !/^(\/\/ |\/\*\* ?|\/\* )\S/.test(readFileSync(inProject(file), 'utf8')));
    expect(silent).toEqual([]);
  });
});

function exists(path: string): boolean {
  return statSync(inProject(path.replace(/\?.*$/, '')), { throwIfNoEntry: false })?.isFile() === true;
}
