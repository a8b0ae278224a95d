// The secrets of a workspace: what the environment names goes first, then what the vault keeps.
import { KantoError } from '../core/model/error.ts';
import type { Db } from '../store/open.ts';
import { secretTable } from '../store/tables/secrets.ts';

export interface Secrets {
  readonly secret: (name: string) => string | undefined;
  readonly saveSecret: (name: string, value: string) => void;
}

/** The variable that holds a secret: `crm-token` is `KANTO_SECRET_CRM_TOKEN`. */
export function secretVariable(name: string): string {
  return `KANTO_SECRET_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;
}

export function openSecrets(db: Db, now: () => number): Secrets {
  return {
    secret: (name) => process.env[secretVariable(name)] ?? secretTable(db).load(name),
    saveSecret: (name, value) => secretTable(db).save(name, value, now()),
  };
}

/** Where people's secrets go, under the names that connections give them. Nobody gets one back. */
export interface Vault {
  /** Throws where a variable of the environment would go first. */
  keep(secrets: Readonly<Record<string, string>>): void;
  /** Whether one of this name is kept or set. */
  has(name: string): boolean;
}

export function createVault({ secret, saveSecret }: Secrets): Vault {
  return {
    keep(secrets) {
      for (const name of Object.keys(secrets)) refuseHidden(name);
      for (const [name, value] of Object.entries(secrets)) saveSecret(name, value);
    },
    has: (name) => secret(name) !== undefined,
  };
}

/** A variable would go first, and what was just kept would never be used. */
export function refuseHidden(name: string): string {
  const variable = secretVariable(name);
  if (process.env[variable] === undefined) return name;
  throw new KantoError('not-now', `${variable} is set and goes before what was kept.`, 'Unset it, so that the vault is asked.', 'ask-user');
}
