// The secrets of a workspace: what the environment names goes first, then what the vault keeps.
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
