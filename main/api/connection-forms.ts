// Forms for connections, made from what each connector declares: its fields, what is wrong with a draft, its test, and the next revision with it.
import type { Connector } from '../../connectors/contract.ts';
import type { FormField } from '../../preload/contract/connections.ts';
import { checkConnection } from '../config/check.ts';
import { type ConfigProperty, configSchemaOf } from '../config/json-schema.ts';
import { parseConfiguration } from '../config/load.ts';
import type { ConnectionConfig, SyncConfig } from '../config/schema.ts';
import { KantoError } from '../core/model/error.ts';
import { testOf } from './connections.ts';
import type { ApiContext, Handlers } from './context.ts';
import { defined } from './defined.ts';
import { listed } from './words.ts';

type FormHandlers = Pick<
  Handlers,
  'connectors.list' | 'connections.get' | 'connections.check' | 'connections.try' | 'connections.save' | 'connections.remove'
>;
type Draft = Parameters<Handlers['connections.check']>[0];

/** The window has a place of its own under this name. */
const reservedId = 'new';
const idForm = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;

export function connectionFormHandlers({ workspace }: ApiContext): FormHandlers {
  const connectors = Object.fromEntries(workspace.registry);
  const saved = (id: string): ConnectionConfig => {
    const { connections } = workspace.configuration().body;
    const found = Object.hasOwn(connections, id) ? connections[id] : undefined;
    if (found !== undefined) return found;
    throw new KantoError('unknown-connection', `There is no connection ${id}.`, 'Look at the list of connections.', 'ask-user');
  };
  /** The draft as a configuration has it; its secrets by the names that they are kept under. */
  const configOf = ({ connector, config, of }: Draft, secrets: Readonly<Record<string, string>>): ConnectionConfig => {
    const before = of === undefined ? undefined : saved(of);
    return {
      connector,
      config,
      secrets: { ...(before?.connector === connector ? before.secrets : {}), ...secrets },
      limits: before?.limits ?? {},
    };
  };
  const issuesOf = (draft: Draft) =>
    checkConnection(configOf(draft, {}), connectors).map(({ path: [, field], message }) => ({ field: String(field ?? ''), message }));

  return {
    'connectors.list': () => ({
      folder: workspace.configuration().body.folder,
      connectors: [...workspace.registry.values()].map((connector) => ({
        id: connector.id,
        title: connector.title,
        about: connector.configSchema.description ?? '',
        fields: fieldsOf(connector),
        secrets: [...connector.secrets],
      })),
    }),
    'connections.get'({ id }) {
      const { connector, config, secrets } = saved(id);
      const names = workspace.registry.get(connector)?.secrets ?? [];
      return { connector, config: { ...config }, secrets: names.filter((name) => workspace.vault.has(secrets[name] ?? name)) };
    },
    'connections.check': issuesOf,
    'connections.try': (draft) => testOf(() => workspace.connectDraft(configOf(draft, {}), draft.secrets)),
    'connections.save'({ id, ...draft }) {
      const { body } = workspace.configuration();
      refuseId(id, draft.of, Object.keys(body.connections));
      const [wrong] = issuesOf(draft);
      if (wrong !== undefined)
        throw new KantoError('invalid-input', `${wrong.field}: ${wrong.message}.`, 'Correct the field. Nothing was saved.', 'ask-user');
      const names = Object.fromEntries(Object.keys(draft.secrets).map((name) => [name, `${id}-${name}`]));
      const connections = { ...body.connections, [id]: configOf(draft, names) };
      const changed = parseConfiguration({ ...body, connections }, connectors);
      workspace.vault.keep(Object.fromEntries(Object.entries(draft.secrets).map(([name, value]) => [`${id}-${name}`, value])));
      return { revision: workspace.publish(changed, `connection ${id}`) };
    },
    'connections.remove'({ id }) {
      saved(id);
      const { revision: before, body } = workspace.configuration();
      const users = Object.keys(body.syncs).filter((sync) => usesConnection(body.syncs[sync], id));
      if (users.length > 0)
        throw new KantoError(
          'invalid-input',
          `The connection ${id} is used by ${listed(users)}.`,
          'Take it out of these syncs first. Nothing was removed.',
          'ask-user',
        );
      const { [id]: _gone, ...connections } = body.connections;
      return { before, revision: workspace.publish({ ...body, connections }, `connection ${id} removed`) };
    },
  };
}

function usesConnection(sync: SyncConfig | undefined, id: string): boolean {
  return Object.values(sync?.endpoints ?? {}).some(({ connection }) => connection === id);
}

function refuseId(id: string, of: string | undefined, taken: readonly string[]): void {
  const refuse = (message: string) => new KantoError('invalid-input', message, 'Choose another name. Nothing was saved.', 'ask-user');
  if (!idForm.test(id) || id === reservedId)
    throw refuse(`A connection cannot be named "${id}": letters, digits, - and _ make a name, and "${reservedId}" is none.`);
  if (of === undefined && taken.includes(id)) throw refuse(`There is a connection ${id} already.`);
  if (of !== undefined && of !== id) throw refuse(`Syncs know the connection as ${of}.`);
}

/** What a connector asks for, in its own order. */
export function fieldsOf(connector: Connector): FormField[] {
  const { properties, required } = configSchemaOf(connector);
  return Object.entries(properties).map(([name, found]) => {
    return {
      name,
      kind: kindOf(found),
      about: found.description ?? '',
      isRequired: required.includes(name),
      ...defined({ fallback: fallbackOf(found) }),
      choices: (found.enum ?? []).map(String),
      examples: (found.examples ?? []).map(String),
    };
  });
}

function kindOf({ type, format, enum: choices, anyOf, additionalProperties: others }: ConfigProperty): FormField['kind'] {
  if (format === 'path') return 'file';
  if (choices !== undefined) return 'choice';
  if (anyOf?.every((one) => one.type === 'string') === true) return 'text';
  if (type === 'string') return 'text';
  if (type === 'object' && typeof others === 'object' && others.type === 'string') return 'pairs';
  if (type === 'integer' || type === 'number') return 'number';
  return type === 'boolean' ? 'boolean' : 'other';
}

function fallbackOf({ default: value }: ConfigProperty): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
