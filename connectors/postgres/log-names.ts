// What a log of changes is called in the database.

/** The name of slot and publication, of letters, digits and underscores. */
export function logName(consumer: string): string {
  return `kanto_${consumer.toLowerCase().replaceAll(/[^a-z0-9]/g, '_')}`.slice(0, 63);
}

export function logRemoval(consumer: string): string {
  return `SELECT pg_drop_replication_slot('${logName(consumer)}'); DROP PUBLICATION ${logName(consumer)};`;
}
