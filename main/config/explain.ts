// Turns what zod found into sentences for people, each at its place, with the nearest known name.
import { z } from 'zod';
import type { Finding, Path } from './issue.ts';
import { hint } from './nearest.ts';

type Issue = z.core.$ZodIssue;
type Schema = z.core.$ZodType;

/** The schemas that may describe what is at the end of a path; several for unions. */
function schemasAt(schema: Schema, path: Path): readonly Schema[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return schemasAt(schema.unwrap() as Schema, path);
  }
  if (schema instanceof z.ZodUnion || schema instanceof z.ZodDiscriminatedUnion) {
    return schema.options.flatMap((option) => schemasAt(option as Schema, path));
  }
  const [head, ...rest] = path;
  if (head === undefined) return [schema];
  if (schema instanceof z.ZodObject) {
    const shape = schema.shape as Readonly<Record<string, Schema>>;
    const next = Object.hasOwn(shape, String(head)) ? shape[String(head)] : undefined;
    return next === undefined ? [] : schemasAt(next, rest);
  }
  if (schema instanceof z.ZodRecord) return schemasAt(schema.valueType as Schema, rest);
  if (schema instanceof z.ZodArray) return schemasAt(schema.element as Schema, rest);
  return [];
}

/** The keys that an object at this path may have. Where a `type` tells unions apart, only those of the type that is written. */
function knownKeys(schema: Schema, path: Path, value: unknown): readonly string[] {
  const objects = schemasAt(schema, path).filter((found): found is z.ZodObject => found instanceof z.ZodObject);
  const type = isRecord(value) ? value.type : undefined;
  const fitting = objects.filter((found) => found.shape.type === undefined || found.shape.type.safeParse(type).success);
  return [...new Set((fitting.length > 0 ? fitting : objects).flatMap((found) => Object.keys(found.shape)))];
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is at a path of plain data; undefined where there is nothing. */
export function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const part of path) {
    if (Array.isArray(value)) value = value[Number(part)] as unknown;
    else if (isRecord(value) && Object.hasOwn(value, String(part))) value = value[String(part)];
    else return undefined;
  }
  return value;
}

/** What a value is, in words. */
function name(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'nothing (null)';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a section';
  if (typeof value === 'string') return `the text ${JSON.stringify(value)}`;
  if (typeof value === 'number') return `the number ${value}`;
  return JSON.stringify(value) ?? typeof value;
}

const words: Readonly<Record<string, string>> = {
  string: 'a text (in quotes where it looks like a number)',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a section with keys',
  record: 'a section with keys',
};

/** Of a union that failed, the branch that was meant: the one that got furthest; none when no branch fits the kind of value. */
function meantBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  return branches.find(
    (branch) => branch.length > 0 && branch.every((issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys'),
  );
}

function explainOne(schema: Schema, data: unknown, prefix: Path, issue: Issue): readonly Finding[] {
  const path = [...prefix, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
  const value = valueAt(data, path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = knownKeys(schema, path, value);
      return issue.keys.map((key) => ({ path: [...path, key], onKey: true, message: `unknown key "${key}"${hint(key, known)}` }));
    }
    case 'invalid_union': {
      const branch = meantBranch(issue.errors);
      if (branch !== undefined) return branch.flatMap((inner) => explainOne(schema, data, path, inner));
      if (value === undefined) return [missing(path)];
      const options = choicesAt(schema, path);
      if (typeof value === 'string' && options.length > 0) return [{ path, message: `"${value}" is not known${hint(value, options)}` }];
      return [{ path, message: `found ${name(value)}; ${issue.message}` }];
    }
    case 'invalid_value': {
      if (value === undefined) return [missing(path)];
      const options = issue.values.map(String);
      if (value === null && options.includes('null'))
        return [{ path, message: 'write "null" in quotes; without them it means nothing at all' }];
      if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
        return [{ path, message: `expected one of ${options.join(', ')}, found ${name(value)}` }];
      }
      return [{ path, message: `"${value}" is not known${hint(String(value), options)}` }];
    }
    case 'invalid_type':
      if (value === undefined) return [missing(path)];
      return [{ path, message: `expected ${words[issue.expected] ?? issue.expected}, found ${name(value)}` }];
    case 'invalid_key':
      return [{ path, onKey: true, message: `"${String(path.at(-1))}" cannot be a name: ${issue.issues[0]?.message ?? issue.message}` }];
    case 'too_small':
    case 'too_big':
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_element':
    case 'custom':
      return [{ path, message: lowerFirst(issue.message) }];
  }
}

/** The words that may stand at a path: enumerations, and the values of a telling `type` key. */
function choicesAt(schema: Schema, path: Path): readonly string[] {
  return schemasAt(schema, path).flatMap((found) => {
    if (found instanceof z.ZodEnum) return found.options.map(String);
    if (found instanceof z.ZodLiteral) return [...found.values].map(String);
    return [];
  });
}

function missing(path: Path): Finding {
  return { path, message: `"${String(path.at(-1) ?? '')}" is missing` };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Checks data against a schema. Findings come in the order of the file's structure; none means that the data fits. */
export function explain<T>(
  schema: z.ZodType<T>,
  data: unknown,
  prefix: Path = [],
): { readonly value: T | undefined; readonly findings: readonly Finding[] } {
  const result = schema.safeParse(data);
  if (result.success) return { value: result.data, findings: [] };
  const inside = result.error.issues.flatMap((issue) => explainOne(schema, data, [], issue));
  return { value: undefined, findings: inside.map((finding) => ({ ...finding, path: [...prefix, ...finding.path] })) };
}
