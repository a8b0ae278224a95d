// SQLite databases keep the contract of connectors.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { ConnectorFixture, SuiteRow } from '../../connectors/conformance/fixture.ts';
import { describeConnector } from '../../connectors/conformance/describe-connector.ts';
import type { SqliteConfig } from '../../connectors/sqlite/connector.ts';
import { sqliteConnector } from '../../connectors/sqlite/connector.ts';
import { isReleased } from './handles.ts';

function fixture(keyType: string, journal: 'delete' | 'wal'): ConnectorFixture<SqliteConfig> {
  return {
    refusedNote: 'refused',
    hasNumericKeys: keyType === 'INTEGER',
    filterFor: (id) => `CAST(id AS TEXT) = '${id}'`,
    async create(folder, rows) {
      const path = join(folder, 'people.db');
      const db = new Database(path);
      db.pragma(`journal_mode = ${journal}`);
      db.exec(`CREATE TABLE people (id ${keyType} PRIMARY KEY, name VARCHAR(80), note TEXT CHECK (note <> 'refused'))`);
      const insert = db.prepare('INSERT INTO people (id, name, note) VALUES (@id, @name, @note)');
      db.transaction(() => {
        for (const row of rows) insert.run(row);
      })();
      db.close();
      const alone = <T>(work: (other: Database.Database) => T): T => {
        const other = new Database(path);
        try {
          return work(other);
        } finally {
          other.close();
        }
      };
      return {
        config: { path },
        dataset: 'people',
        async look() {
          return alone((other) => other.prepare<[], SuiteRow>('SELECT CAST(id AS TEXT) AS id, name, note FROM people').all());
        },
        async edit(id, changes) {
          alone((other) => {
            for (const [column, value] of Object.entries(changes))
              other.prepare(`UPDATE people SET "${column}" = ? WHERE id = ?`).run(value, id);
          });
        },
        async add(row) {
          alone((other) => other.prepare('INSERT INTO people (id, name, note) VALUES (@id, @name, @note)').run(row));
        },
        async remove(id) {
          alone((other) => other.prepare('DELETE FROM people WHERE id = ?').run(id));
        },
        isFree: () => isReleased(path),
        dispose: async () => undefined,
      };
    },
  };
}

describeConnector('sqlite, numbers as keys', sqliteConnector, fixture('INTEGER', 'delete'));
describeConnector(
  'sqlite in WAL mode, text as keys',
  { ...sqliteConnector, capabilities: { ...sqliteConnector.capabilities, assignsKeys: false } },
  fixture('TEXT NOT NULL', 'wal'),
);
