// Forms for connections: every connector gives a usable one, drafts are checked and tested without being kept, and what is saved works.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectors } from '../../connectors/registry.ts';
import { fieldsOf } from '../../main/api/connection-forms.ts';
import { apiOf, twoPlaces } from './api.ts';

describe.each([...connectors.values()].map((connector) => [connector.id, connector] as const))('the form of %s', (_, connector) => {
  it('has a sentence for each field, and asks for what is needed', () => {
    const fields = fieldsOf(connector);
    expect(connector.configSchema.description).toMatch(/\.$/);
    expect(fields.some(({ kind }) => kind === 'file') || connector.files === undefined).toBe(true);
    expect(fields.filter(({ about }) => about === '').map(({ name }) => name)).toEqual([]);
    expect(fields.some(({ isRequired }) => isRequired)).toBe(true);
    // What has to be written as JSON is never needed for a first try.
    expect(fields.filter(({ kind, isRequired }) => kind === 'other' && isRequired)).toEqual([]);
    for (const { kind, choices } of fields) expect(choices.length > 0).toBe(kind === 'choice');
  });
});

describe('a connection in the making', () => {
  const draft = { connector: 'csv', config: { path: 'shop.csv' }, secrets: {} };

  it('is checked by its connector, field by field', async () => {
    await using place = await twoPlaces();
    const api = apiOf(place);
    expect(await api.ask('connections.check', draft)).toEqual([]);
    const wrong = await api.ask('connections.check', { ...draft, config: { header: 0, pth: 'x' } });
    expect(wrong.map(({ field }) => field).sort()).toEqual(['header', 'path', 'pth']);
    expect(await api.ask('connections.check', { connector: 'nothing', config: {}, secrets: {} })).toMatchObject([{ message: /nothing/ }]);
  });

  it('is tested without being kept', async () => {
    await using place = await twoPlaces();
    const api = apiOf(place);
    const { revision } = place.workspace.configuration();
    expect(await api.ask('connections.try', draft)).toMatchObject({ ok: true, datasets: [{ name: 'shop' }] });
    expect(await api.ask('connections.try', { ...draft, config: { path: 'gone.csv' } })).toMatchObject({
      ok: false,
      problem: { code: 'not-found' },
    });
    expect(place.workspace.configuration().revision).toBe(revision);
  });

  it('is removed while no sync uses it, and can be had back with its secret', async () => {
    await using place = await twoPlaces();
    const api = apiOf(place);
    const server = { connector: 'postgres', config: { host: '127.0.0.1', database: 'd', user: 'u' }, secrets: { password: 'hunter2' } };
    const { revision } = await api.ask('connections.save', { ...server, id: 'hub' });
    expect(await api.ask('connections.remove', { id: 'hub' })).toEqual({ revision: revision + 1, before: revision });
    expect(Object.keys(place.workspace.configuration().body.connections)).not.toContain('hub');
    expect(await api.refusal('connections.remove', { id: 'hub' })).toMatchObject({ code: 'unknown-connection' });
    await api.ask('workspace.restore', { revision });
    expect(await api.ask('connections.get', { id: 'hub' })).toMatchObject({ secrets: ['password'] });
    expect(await api.refusal('connections.remove', { id: 'shop' })).toMatchObject({ message: 'The connection shop is used by customers.' });
  });

  it('is written as a file in few words and without its secrets; a folder that lacks it lets it go until the revision is taken back', async () => {
    await using place = await twoPlaces();
    const api = apiOf(place);
    const server = { connector: 'postgres', config: { host: '127.0.0.1', database: 'd', user: 'u' }, secrets: { password: 'hunter2' } };
    await api.ask('connections.save', { ...server, id: 'hub' });
    await api.ask('connections.save', { ...draft, id: 'more' });
    const config = join(place.folder, 'config');
    const exported = await api.ask('workspace.export', { folder: config });
    expect(exported).toMatchObject({ written: ['connections/hub.yaml', 'connections/more.yaml'], others: [] });
    expect(await readFile(join(config, 'connections/hub.yaml'), 'utf8')).toBe(
      'connector: postgres\nconfig: { host: 127.0.0.1, database: d, user: u }\nsecrets: { password: hub-password }\n',
    );
    expect(await api.ask('workspace.export', { folder: config })).toMatchObject({ written: [] });

    const { revision: before, body } = place.workspace.configuration();
    await rm(join(config, 'connections/hub.yaml'));
    expect(await api.ask('workspace.apply', { folder: config })).toEqual({
      revision: before + 1,
      before,
      gone: ['connection hub'],
    });
    expect(await api.ask('workspace.restore', { revision: before })).toEqual({ revision: before + 2 });
    expect(place.workspace.configuration().body).toEqual(body);
  });

  it('is saved as the next revision, with its secrets in the vault and nowhere else', async () => {
    await using place = await twoPlaces();
    const api = apiOf(place);
    const server = { connector: 'postgres', config: { host: '127.0.0.1', database: 'd', user: 'u' }, secrets: { password: 'hunter2' } };
    const { revision } = await api.ask('connections.save', { ...server, id: 'hub' });
    const { body, revision: now } = place.workspace.configuration();
    expect(now).toBe(revision);
    expect(body.connections['hub']).toMatchObject({ connector: 'postgres', config: server.config, secrets: { password: 'hub-password' } });
    expect(JSON.stringify(body)).not.toContain('hunter2');
    const shown = await api.ask('connections.get', { id: 'hub' });
    expect(shown).toEqual({ connector: 'postgres', config: server.config, secrets: ['password'] });
    // Another configuration of it keeps the secret that nobody typed anew.
    const changed = { connector: 'postgres', config: { ...server.config, user: 'v' }, secrets: {}, of: 'hub', id: 'hub' };
    await api.ask('connections.save', changed);
    expect(place.workspace.configuration().body.connections['hub']).toMatchObject({
      config: { user: 'v' },
      secrets: { password: 'hub-password' },
    });
  });

  it.each([
    ['shop', undefined, 'already'],
    ['new', undefined, 'cannot be named'],
    ['a b', undefined, 'cannot be named'],
    ['', undefined, 'cannot be named'],
    ['other', 'shop', 'know the connection as shop'],
  ])('is not saved as "%s"', async (id, of, why) => {
    await using place = await twoPlaces();
    const refusal = await apiOf(place).refusal('connections.save', { ...draft, id, ...(of === undefined ? {} : { of }) });
    expect(refusal).toMatchObject({ code: 'invalid-input', message: expect.stringContaining(why) });
  });

  it('is not saved with a mistake, nor in a way that its syncs could not live with', async () => {
    await using place = await twoPlaces();
    const api = apiOf(place);
    expect(await api.refusal('connections.save', { ...draft, config: {}, id: 'second' })).toMatchObject({
      message: expect.stringContaining('path'),
    });
    await place.configure({
      connections: { shop: draft, log: { connector: 'csv', config: { path: 'shop.csv' } } },
      syncs: {
        customers: {
          record: { fields: { email: { type: 'text' } } },
          match: ['email'],
          endpoints: {
            shop: { connection: 'shop', dataset: 'shop', key: ['id'], fields: { email: 'E-Mail' } },
            log: { connection: 'log', dataset: 'shop', key: ['id'], allow: ['update'], fields: { email: 'E-Mail' } },
          },
        },
      },
    });
    const narrowed = { connector: 'csv', config: { path: 'shop.csv', mode: 'append' }, secrets: {}, of: 'log', id: 'log' };
    expect(await api.refusal('connections.save', narrowed)).toMatchObject({ message: expect.stringContaining('cannot update') });
  });
});
