// What comparisons remember of the rows that should be there.
import type { Migration } from '../migrate.ts';

export const knownRows: Migration = {
  version: 100,
  name: 'known-rows',
  sql: `
-- The hashes of the rows of 256 records (chunk: record >> 8) at an endpoint: see tables/known-rows.ts. Gone as soon as a record, a row of it or an open question about it is another.
CREATE TABLE known_rows (
  endpoint INTEGER NOT NULL REFERENCES endpoint (id), chunk INTEGER NOT NULL, body BLOB NOT NULL, lossy TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX known_rows_of_chunk ON known_rows (chunk, endpoint);

-- Digest of everything that the hashes of an endpoint depend on besides.
ALTER TABLE endpoint ADD COLUMN known TEXT;

CREATE TRIGGER known_record_changed AFTER UPDATE OF status, golden ON record WHEN new.golden <> old.golden OR new.status <> old.status BEGIN
  DELETE FROM known_rows WHERE chunk = new.id >> 8;
END;
CREATE TRIGGER known_link_added AFTER INSERT ON link BEGIN
  DELETE FROM known_rows WHERE chunk = new.record >> 8;
END;
CREATE TRIGGER known_link_changed AFTER UPDATE OF key, record, status ON link
WHEN new.key <> old.key OR new.record <> old.record OR new.status <> old.status BEGIN
  DELETE FROM known_rows WHERE chunk IN (new.record >> 8, old.record >> 8);
END;
CREATE TRIGGER known_link_gone AFTER DELETE ON link BEGIN
  DELETE FROM known_rows WHERE chunk = old.record >> 8;
END;
CREATE TRIGGER known_question_opened AFTER INSERT ON conflict WHEN new.record IS NOT NULL BEGIN
  DELETE FROM known_rows WHERE chunk = new.record >> 8;
END;
CREATE TRIGGER known_question_changed AFTER UPDATE OF state ON conflict
WHEN new.record IS NOT NULL AND (new.state = 'closed') <> (old.state = 'closed') BEGIN
  DELETE FROM known_rows WHERE chunk = new.record >> 8;
END;
`,
};
