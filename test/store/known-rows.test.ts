// What is remembered of rows is forgotten with every change that it depends on, and with no other.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../main/store/open.ts';
import type { Db } from '../../main/store/open.ts';
import { chunkRecords, emptyChunk, knownRowsTable } from '../../main/store/tables/known-rows.ts';

describe('what is remembered of rows', () => {
  let folder = '';
  let db: Db;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kanto-known-'));
    db = openDatabase(folder, '5c'.repeat(32), { create: true, now: () => 0 });
    db.exec(`
      INSERT INTO endpoint (id, sync, name, version, key_hash, filter_hash, fields) VALUES (1, 's', 'a', 1, '', '', '{}'), (2, 's', 'b', 1, '', '', '{}');
      INSERT INTO sync (id, name, records) VALUES (1, 's', 600);
      INSERT INTO record (id, uuid, sync, status, golden, born)
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600) SELECT i, randomblob(16), 1, 'live', 'g' || i, 1 FROM n;
      INSERT INTO link (endpoint, key, record, status, version) SELECT e.id, json_array(r.id || ''), r.id, 'live', 1 FROM record r, endpoint e WHERE r.id < 600;
      INSERT INTO conflict (id, sync, record, kind, state, label, opened_run, opened_at) VALUES (1, 's', 300, 'fields', 'open', '', 1, 1);
    `);
    const table = knownRowsTable(db);
    for (const endpoint of [1, 2]) for (const chunk of [0, 1, 2]) table.save(endpoint, chunk, emptyChunk());
  });
  afterEach(() => {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const left = () =>
    db.prepare<[], [number, number]>('SELECT chunk, endpoint FROM known_rows ORDER BY chunk, endpoint').raw().all().map(String);
  const of = (...chunks: number[]) => chunks.flatMap((chunk) => [`${chunk},1`, `${chunk},2`]);

  it.each([
    ['agreed values', "UPDATE record SET golden = 'other' WHERE id = 300"],
    ['a record that is deleted', "UPDATE record SET status = 'deleted' WHERE id = 300"],
    ['a row that goes', 'DELETE FROM link WHERE record = 300 AND endpoint = 2'],
    ['a row under another key', 'UPDATE link SET key = \'["x"]\' WHERE record = 300 AND endpoint = 1'],
    ['a row that is missing', "UPDATE link SET status = 'absent' WHERE record = 300 AND endpoint = 1"],
    ['a question that closes', "UPDATE conflict SET state = 'closed' WHERE id = 1"],
    [
      'a question that opens',
      "INSERT INTO conflict (sync, record, kind, state, label, opened_run, opened_at) VALUES ('s', 301, 'presence', 'open', '', 1, 1)",
    ],
  ])('is forgotten with %s', (_, sql) => {
    db.exec(sql);
    expect(left()).toEqual(of(0, 2));
  });

  it('is forgotten with a new row', () => {
    db.exec("INSERT INTO link (endpoint, key, record, status, version) VALUES (1, '[\"600\"]', 600, 'live', 1)");
    expect(left()).toEqual(of(0, 1));
  });

  it('is forgotten of both records when a row goes from one to the other', () => {
    db.exec("INSERT INTO record (id, uuid, sync, status, golden, born) VALUES (601, x'00', 1, 'live', '', 1)");
    db.exec('UPDATE link SET record = 601 WHERE record = 3 AND endpoint = 1');
    expect(left()).toEqual(of(1));
  });

  it('stays with what it does not depend on', () => {
    db.exec(`
      UPDATE record SET golden = golden, status = status, pending = 1, match_hash = 5 WHERE id = 300;
      UPDATE link SET hash = 7, shadow = '{}', version = 2, key = key, record = record, status = status WHERE record = 300;
      UPDATE conflict SET state = 'decided', label = 'other' WHERE id = 1;
      INSERT INTO conflict (sync, kind, state, label, match_key, opened_run, opened_at) VALUES ('s', 'match', 'open', '', 'm', 1, 1);
    `);
    expect(left()).toEqual(of(0, 1, 2));
  });

  it('comes back as it was kept, and not under another meaning', () => {
    const table = knownRowsTable(db);
    table.expect(1, 'meaning');
    const chunk = emptyChunk();
    chunk.hashes.set([4_294_967_295, 1], 2 * 255);
    chunk.sums[255] = 2 ** 53 - 1;
    chunk.lossy.push([255, 'name']);
    table.save(1, 7, chunk);
    table.expect(1, 'meaning');
    expect(table.load(1, 7)).toEqual(chunk);
    expect(chunk.sums.filter(Number.isNaN)).toHaveLength(chunkRecords - 1);
    table.expect(1, 'another');
    expect(table.load(1, 7)).toBeUndefined();
    expect(left()).toEqual(['0,2', '1,2', '2,2']);
  });
});
