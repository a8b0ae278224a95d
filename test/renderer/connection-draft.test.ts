// What is typed into the form of a connection, and the configuration that it means.
import { describe, expect, it } from 'vitest';
import { connectors } from '../../connectors/registry.ts';
import { fieldsOf } from '../../main/api/connection-forms.ts';
import { configOf, textsOf } from '../../renderer/features/connections/draft.ts';

const rest = connectors.get('rest');
if (rest === undefined) throw new Error('there is no such connector');
const fields = fieldsOf(rest);
const typed = (variables: string) => configOf(fields, { declaration: 'directus', baseUrl: 'https://crm.example.org', variables });

describe('the form of a connection', () => {
  it('takes names with values line by line, and shows them so', () => {
    const { config, issues } = typed('user: ann\n\n  path = /a:b=c  \nempty:');
    expect(issues).toEqual([]);
    expect(config['variables']).toEqual({ user: 'ann', path: '/a:b=c', empty: '' });
    expect(textsOf(fields, config)['variables']).toBe('user: ann\npath: /a:b=c\nempty: ');
    expect(configOf(fields, textsOf(fields, config)).config).toEqual(config);
  });

  it('says which line is none, and which name stands there twice', () => {
    expect(typed('user: ann\nbob').issues).toEqual([
      { field: 'variables', message: expect.stringContaining('"bob" is no name') as string },
    ]);
    expect(typed(': bob').issues).toHaveLength(1);
    expect(typed('user: ann\nuser: bob').issues).toEqual([{ field: 'variables', message: '"user" stands there twice' }]);
  });

  it('takes what has no field of its own as JSON', () => {
    const [own] = fields.map((field) => ({ ...field, name: 'own', kind: 'other' as const }));
    if (own === undefined) throw new Error('there are fields');
    expect(configOf([own], { own: '{"deep":[1]}' })).toEqual({ config: { own: { deep: [1] } }, issues: [] });
    expect(textsOf([own], { own: { deep: [1] } })).toEqual({ own: '{"deep":[1]}' });
    expect(configOf([own], { own: 'deep: 1' }).issues).toEqual([{ field: 'own', message: expect.stringContaining('as JSON') as string }]);
  });

  it('leaves nothing that has to be written as JSON to a form', () => {
    expect([...connectors.values()].flatMap((connector) => fieldsOf(connector).filter(({ kind }) => kind === 'other'))).toEqual([]);
  });
});
