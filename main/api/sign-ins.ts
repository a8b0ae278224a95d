// Signing in to connections in a browser: each begins, waits for the person, and can be given up.
import { KantoError } from '../core/model/error.ts';
import type { ApiContext, Handlers } from './context.ts';

type SignInHandlers = Pick<Handlers, 'connections.signIn' | 'connections.signedIn' | 'connections.stopSignIn'>;

interface SignIn {
  readonly abort: AbortController;
  readonly finished: Promise<unknown>;
}

export function signInHandlers({ workspace }: ApiContext): SignInHandlers {
  const begun = new Map<string, SignIn>();
  return {
    'connections.signIn'({ id }) {
      begun.get(id)?.abort.abort();
      const abort = new AbortController();
      return new Promise((resolve, reject) => {
        const show = (address: string): void => resolve({ address });
        const finished = workspace.login(id, { show, signal: abort.signal }).then(() => workspace.changed());
        // What goes wrong later is for whoever waits for the end.
        finished.catch(reject);
        begun.set(id, { abort, finished });
      });
    },
    async 'connections.signedIn'({ id }) {
      const signIn = begun.get(id);
      if (signIn === undefined) throw new KantoError('not-now', `Nobody is signing in to ${id}.`, 'Begin to sign in.', 'ask-user');
      await signIn.finished;
      return {};
    },
    'connections.stopSignIn'({ id }) {
      begun.get(id)?.abort.abort();
      return {};
    },
  };
}
