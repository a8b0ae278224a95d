// Makes a configuration the workspace's new revision and notes what its change makes unknown: lost bases, new baselines.
import { mappingHashes } from '../config/model.ts';
import type { Configuration, SyncConfig } from '../config/schema.ts';
import { KantoError } from '../core/model/error.ts';
import { findEndpoint, saveEndpoint } from '../store/tables/endpoints.ts';
import type { EndpointRow } from '../store/tables/endpoints.ts';
import { syncTable } from '../store/tables/syncs.ts';
import { revisionTable } from '../store/tables/revisions.ts';
import type { Db } from '../store/open.ts';
import { abandonLogs } from './abandoned-logs.ts';
import type { EngineEnvironment } from './sync-context.ts';

/** One transaction. Refused while a changed key would leave linked rows without a way to find their records again. */
export function publish(
  db: Db,
  configuration: Configuration,
  {
    by,
    what,
    at,
    registry,
  }: { readonly by: string; readonly what: string; readonly at: number; readonly registry: EngineEnvironment['registry'] },
): number {
  return db.transaction(() => {
    const before = revisionTable(db).newest()?.body;
    if (before !== undefined) abandonLogs(db, JSON.parse(before) as Configuration, configuration, registry);
    for (const [id, sync] of Object.entries(configuration.syncs)) {
      for (const name of Object.keys(sync.endpoints)) registerEndpoint(db, id, sync, name);
    }
    return revisionTable(db).add(JSON.stringify(configuration), by, what, at);
  })();
}

function registerEndpoint(db: Db, id: string, sync: SyncConfig, name: string): void {
  const hashes = mappingHashes(sync, name);
  const old = findEndpoint(db, id, name);
  if (!old) {
    const fields = Object.fromEntries(Object.entries(hashes.fields).map(([field, hash]) => [field, { hash, version: 1 }]));
    saveEndpoint(db, { sync: id, name, version: 1, keyHash: hashes.key, filterHash: hashes.filter, fields, forgetScan: false });
    return;
  }
  const keyChanged = old.keyHash !== hashes.key;
  const filterChanged = old.filterHash !== hashes.filter;
  const changed = Object.entries(hashes.fields).filter(([field, hash]) => old.fields[field]?.hash !== hash);
  const gone = Object.keys(old.fields).filter((field) => !(field in hashes.fields));
  if (!keyChanged && !filterChanged && changed.length === 0 && gone.length === 0) return;
  if (keyChanged) forgetLinks(db, id, sync, old);
  const version = old.version + 1;
  const fields = Object.fromEntries(
    Object.entries(hashes.fields).map(([field, hash]) => {
      const known = old.fields[field];
      return [field, known?.hash === hash ? known : { hash, version }];
    }),
  );
  saveEndpoint(db, {
    sync: id,
    name,
    version,
    keyHash: hashes.key,
    filterHash: hashes.filter,
    fields,
    forgetScan: keyChanged || filterChanged,
  });
  db.prepare('UPDATE record SET pending = 1 WHERE sync = ?').run(syncTable(db).id(id));
}

/** Under a new key no stored key means anything: the rows meet their records again by the match fields. */
function forgetLinks(db: Db, id: string, sync: SyncConfig, endpoint: EndpointRow): void {
  const linked = db.prepare<[number], number>('SELECT count(*) FROM link WHERE endpoint = ?').pluck().get(endpoint.id) ?? 0;
  if (linked === 0) return;
  if (sync.match.length === 0) {
    throw new KantoError(
      'config-invalid',
      `The key of ${endpoint.name} in ${id} changed, and the sync has no match fields: ${linked} linked rows could not find their records again.`,
      'Name match fields in the same change, or keep the key.',
      'ask-user',
    );
  }
  db.prepare('DELETE FROM link WHERE endpoint = ?').run(endpoint.id);
}
