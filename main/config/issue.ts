// What is wrong in a configuration, and where: the error that loading throws.
import { KantoError } from '../core/model/error.ts';

/** Where in a document: keys and list indexes from its top. */
export type Path = readonly (string | number)[];

/** Something wrong at a path, before its line is known. `onKey`: the key itself is wrong, not its value. */
export interface Finding {
  readonly path: Path;
  readonly onKey?: boolean;
  readonly message: string;
}

/** `line` and `column` count from 1; 0 where the file as a whole is meant. */
export interface ConfigIssue {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly message: string;
}

/** `syncs/customers.yaml:12:5 endpoints.shop: unknown key "colum"; did you mean "column"?` */
export function describeIssue(issue: ConfigIssue): string {
  const place = issue.line > 0 ? `${issue.file}:${issue.line}:${issue.column}` : issue.file;
  return `${place} ${issue.path === '' ? '' : `${issue.path}: `}${issue.message}`;
}

/** A path as people write it: `endpoints.shop.key[0]`. */
export function describePath(path: Path): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');
}

export class ConfigError extends KantoError {
  readonly issues: readonly ConfigIssue[];

  constructor(issues: readonly ConfigIssue[]) {
    const first = issues[0];
    const rest = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
    super(
      'config-invalid',
      first === undefined ? 'The configuration is not valid.' : `The configuration is not valid: ${describeIssue(first)}${rest}`,
      'Correct the named lines; `kanto check FOLDER` lists all of them. Nothing was changed.',
      'ask-user',
    );
    this.issues = issues;
  }
}
