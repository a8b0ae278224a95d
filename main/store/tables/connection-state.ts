// How each connection is, as its last answers said: kept so that an expired login is still shown after a restart.
import type { ConnectionHealth } from '../../../preload/contract/values.ts';
import type { Db } from '../open.ts';
import { preparedOnce } from './prepared.ts';

export const connectionStateTable = preparedOnce((db: Db) => {
  const find = db.prepare<[string], string>('SELECT health FROM connection_state WHERE connection = ?').pluck();
  const put = db.prepare('INSERT OR REPLACE INTO connection_state (connection, health) VALUES (?, ?)');
  return {
    load(connection: string): ConnectionHealth | undefined {
      const text = find.get(connection);
      return text === undefined ? undefined : (JSON.parse(text) as ConnectionHealth);
    },
    save: (connection: string, health: ConnectionHealth): void => void put.run(connection, JSON.stringify(health)),
  } as const;
});
