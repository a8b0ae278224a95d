// Files of JSON lines keep the contract of connectors.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeConnector } from '../../connectors/conformance/describe-connector.ts';
import type { ConnectorFixture, SuiteRow } from '../../connectors/conformance/fixture.ts';
import type { JsonlConfig } from '../../connectors/jsonl/config.ts';
import { jsonlConnector } from '../../connectors/jsonl/connector.ts';
import { isReleased } from './handles.ts';

const fixture: ConnectorFixture<JsonlConfig> = {
  refusedNote: 'half a character: \ud83d',
  async create(folder, rows) {
    const path = join(folder, 'people.jsonl');
    const save = (all: readonly SuiteRow[]) => writeFile(path, all.map((row) => `${JSON.stringify(row)}\n`).join(''));
    await save(rows);
    const look = async () =>
      (await readFile(path, 'utf8'))
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as SuiteRow);
    return {
      config: { path },
      dataset: 'people',
      look,
      edit: async (id, changes) => save((await look()).map((row) => (row.id === id ? { ...row, ...changes } : row))),
      isFree: () => isReleased(path),
      dispose: async () => undefined,
    };
  },
  async damage(place, key) {
    const lines = (await readFile(place.config.path, 'utf8')).split('\n');
    await writeFile(place.config.path, lines.map((line) => (line.includes(`"id":"${key[0]}"`) ? '{"id":' : line)).join('\n'));
  },
};

describeConnector('jsonl', jsonlConnector, fixture);
