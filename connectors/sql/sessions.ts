// Sessions with one SQL server on loan: each piece of work has one for itself, an abort ends what it does on the server too, nothing is left open.
import { throwIfCancelled } from '../shared/errors.ts';

/** What a driver does for its sessions. */
export interface Driver<Client, Session> {
  /** Names the server in messages. */
  readonly server: string;
  /** A session that is set up; throws the driver's error. */
  acquire(): Promise<Client>;
  sessionOf(client: Client): Session;
  /** A transaction is open. */
  isInTransaction(client: Client): boolean;
  rollback(client: Client): Promise<unknown>;
  /** Gives the client back; `isOver` ends it. */
  release(client: Client, isOver: boolean): void;
  /** Ends the statement that the client is waiting for, from elsewhere. Never throws. */
  endStatement(client: Client): Promise<void>;
  /** The session is over after this error. */
  endsSession(error: unknown): boolean;
  /** Any error as a connector error. */
  translate(error: unknown): unknown;
}

/** A session on loan. */
export interface Lease<Session> {
  run<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Undoes what was not committed and gives the session back. */
  release(): Promise<void>;
}

/** A lease that knows the driver's own client. */
export interface ClientLease<Client, Session> extends Lease<Session> {
  readonly client: Client;
}

export interface Loans<Client, Session> {
  /** A session for several pieces of work, until it is given back. */
  lend(signal: AbortSignal): Promise<ClientLease<Client, Session>>;
  /** A session for one piece of work. */
  withLease<T>(signal: AbortSignal, work: (lease: ClientLease<Client, Session>) => Promise<T>): Promise<T>;
}

export function createLoans<Client, Session>(driver: Driver<Client, Session>): Loans<Client, Session> {
  const what = `Work on ${driver.server}`;
  const lend = async (signal: AbortSignal): Promise<ClientLease<Client, Session>> => {
    throwIfCancelled(signal, what);
    const client = await driver.acquire().catch((error: unknown) => {
      throw driver.translate(error);
    });
    const session = driver.sessionOf(client);
    let isBroken = false;
    const stop = () => void driver.endStatement(client);
    signal.addEventListener('abort', stop, { once: true });
    return {
      client,
      async run(work) {
        throwIfCancelled(signal, what);
        try {
          return await work(session);
        } catch (error) {
          isBroken ||= driver.endsSession(error);
          throwIfCancelled(signal, what);
          throw driver.translate(error);
        }
      },
      async release() {
        signal.removeEventListener('abort', stop);
        // What is left open is undone: by the server itself where the session is over.
        const isOpen = !isBroken && driver.isInTransaction(client);
        if (isOpen) isBroken = await driver.rollback(client).then(() => false, driver.endsSession);
        driver.release(client, isBroken || signal.aborted);
      },
    };
  };
  return {
    lend,
    async withLease(signal, work) {
      const lease = await lend(signal);
      try {
        return await work(lease);
      } finally {
        await lease.release();
      }
    },
  };
}
