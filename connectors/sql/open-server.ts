// An open connection to a database server: what each request asks of it in which session.
import type { Connection, ConnectorContext, DatasetInfo, DatasetRef, DatasetSchema, NativeKey } from '../contract.ts';
import type { Found } from './batch.ts';
import { firstRows } from './find.ts';

export interface Sessions<Session> extends AsyncDisposable {
  use<T>(signal: AbortSignal, work: (session: Session) => Promise<T>): Promise<T>;
}

/** What each server does in its own way. */
export interface Server<Session> extends Pick<Connection, 'test' | 'read' | 'write' | 'compare' | 'log'> {
  datasets(session: Session): Promise<readonly DatasetInfo[]>;
  describe(session: Session, dataset: string): Promise<DatasetSchema>;
  find(
    session: Session,
    ref: DatasetRef,
    keys: readonly NativeKey[],
    columns: readonly string[],
  ): Promise<ReadonlyMap<string, readonly Found[]>>;
}

/** The system is spared and asked again as the connection says: reads, and writes of which nothing was done. */
export function openServer<Session>(sessions: Sessions<Session>, context: ConnectorContext, server: Server<Session>): Connection {
  const ask = <T>(signal: AbortSignal, work: (session: Session) => Promise<T>) =>
    context.send(() => sessions.use(signal, work), { signal, isRepeatable: true });
  return {
    ...server,
    datasets: (signal) => ask(signal, server.datasets),
    describe: (dataset, signal) => ask(signal, (session) => server.describe(session, dataset)),
    readKeys: (ref, keys, columns, signal) => ask(signal, async (session) => firstRows(await server.find(session, ref, keys, columns))),
    // What is done a second time would find the rows moved.
    write: (request) => context.send(() => server.write(request), { signal: request.signal, isRepeatable: false }),
    [Symbol.asyncDispose]: () => sessions[Symbol.asyncDispose](),
  };
}
