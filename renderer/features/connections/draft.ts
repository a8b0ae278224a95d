// What a person typed into the form of a connection, and the configuration that it means.
import type { CallInput, CallOutput } from '../../../preload/contract/index.ts';
import type { FormField } from '../../../preload/contract/connections.ts';

export type Connector = CallOutput<'connectors.list'>['connectors'][number];
export type Draft = CallInput<'connections.try'>;

export interface Issue {
  readonly field: string;
  readonly message: string;
}

/** Everything as text, by field. */
export interface Typed {
  readonly id: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

export const nothingTyped: Typed = { id: '', texts: {}, secrets: {} };

/** The texts that stand for a configuration. */
export function textsOf(fields: readonly FormField[], config: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const kinds = new Map(fields.map(({ name, kind }) => [name, kind]));
  const textOf = (name: string, value: unknown): string => {
    if (typeof value === 'string') return value;
    return kinds.get(name) === 'pairs' ? linesOf(value as Readonly<Record<string, string>>) : JSON.stringify(value);
  };
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [name, textOf(name, value)]));
}

function linesOf(pairs: Readonly<Record<string, string>>): string {
  return Object.entries(pairs)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

/** The names and values of lines, or what is wrong with one of them. */
function pairsOf(text: string): Readonly<Record<string, string>> | string {
  const pairs = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const [, name, value] = /^\s*([^:=]*[^:=\s])\s*[:=]\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return `"${line.trim()}" is no name with its value: write one a line, such as user: ann`;
    if (pairs.has(name)) return `"${name}" stands there twice`;
    pairs.set(name, value);
  }
  return Object.fromEntries(pairs);
}

/** What was typed as a configuration; an empty field is left out. What is no number stays text, which the connector then refuses in its own words. */
export function configOf(
  fields: readonly FormField[],
  texts: Typed['texts'],
): { readonly config: Draft['config']; readonly issues: readonly Issue[] } {
  const config: Record<string, unknown> = {};
  const issues: Issue[] = [];
  for (const { name, kind } of fields) {
    const text = texts[name] ?? '';
    if (text === '') continue;
    if (kind === 'number') config[name] = Number.isFinite(Number(text)) ? Number(text) : text;
    else if (kind === 'boolean') config[name] = text === 'true';
    else if (kind === 'pairs') {
      const pairs = pairsOf(text);
      if (typeof pairs === 'string') issues.push({ field: name, message: pairs });
      else config[name] = pairs;
    } else if (kind === 'other') {
      try {
        config[name] = JSON.parse(text) as unknown;
      } catch {
        issues.push({ field: name, message: 'write it as JSON, such as {"name": "value"}' });
      }
    } else config[name] = text;
  }
  return { config, issues };
}

/** A file inside the folder of the configuration is named from there, so that the folder can move. */
export function pathFrom(folder: string, path: string): string {
  const separator = path.includes('\\') ? '\\' : '/';
  const start = folder.endsWith(separator) ? folder : folder + separator;
  return path.startsWith(start) ? path.slice(start.length) : path;
}

/** `hostKey` as a person reads it: `Host key`. */
export function wordsOf(name: string): string {
  if (abbreviations.has(name)) return name.toUpperCase();
  const words = name
    .split(/(?=[A-Z])/)
    .map((word) => word.toLowerCase())
    .map((word) => (abbreviations.has(word) ? word.toUpperCase() : word))
    .join(' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const abbreviations: ReadonlySet<string> = new Set(['url', 'tls', 'ca', 'id', 'api']);
