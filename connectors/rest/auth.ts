// Credentials on a request. They come from the vault, go into headers or the query, and nowhere else.
import type { Dispatcher } from 'undici';
import type { ConnectorContext } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import type { Declaration } from './declaration.ts';
import { createTokens } from './oauth.ts';

export interface Credentials {
  /** Adds them to a request. */
  sign(headers: Record<string, string>, query: URLSearchParams): Promise<void>;
  /** The system no longer takes them: whether new ones can be had. */
  renew(): boolean;
}

interface Setting {
  readonly declaration: Declaration;
  readonly baseUrl: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly context: Pick<ConnectorContext, 'secret' | 'now' | 'saveSecret'>;
  readonly dispatcher: Dispatcher;
}

/** The secrets of a connection; one that is missing is named. */
export function secretsOf({ declaration, context }: Pick<Setting, 'declaration' | 'context'>): (name: string) => string {
  return (name) => {
    const value = context.secret(name);
    if (value !== undefined && value !== '') return value;
    throw connectorError(
      'logged-out',
      `${declaration.title} wants the secret "${name}", and there is none.`,
      name === 'refreshToken'
        ? 'Sign in, on the screen of connections or with kanto login.'
        : 'Put it into the vault, or set its KANTO_SECRET_ variable.',
    );
  };
}

export function createCredentials(setting: Setting): Credentials {
  const { auth } = setting.declaration;
  const secret = secretsOf(setting);
  const fixed = (sign: (headers: Record<string, string>, query: URLSearchParams) => void): Credentials => ({
    sign: async (headers, query) => sign(headers, query),
    renew: () => false,
  });
  switch (auth.kind) {
    case 'none':
      return fixed(() => undefined);
    case 'basic':
      return fixed((headers) => {
        const text = `${setting.variables['user'] ?? ''}:${secret('password')}`;
        headers['authorization'] = `Basic ${Buffer.from(text).toString('base64')}`;
      });
    case 'bearer':
      return fixed((headers) => {
        headers['authorization'] = `Bearer ${secret('token')}`;
      });
    case 'apiKey':
      return fixed((headers, query) => {
        if (auth.in === 'query') query.set(auth.name, secret('apiKey'));
        else headers[auth.name.toLowerCase()] = secret('apiKey');
      });
    case 'oauth2': {
      const tokens = createTokens(setting, auth, secret);
      return {
        async sign(headers) {
          headers['authorization'] = `Bearer ${await tokens.current()}`;
        },
        renew: tokens.renew,
      };
    }
  }
}
