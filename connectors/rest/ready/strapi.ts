// Strapi 5: https://docs.strapi.io/cms/api/rest. A dataset is the plural name of a content type.
import { kindsOf } from '../declaration.ts';
import type { WrittenDeclaration } from '../declaration.ts';

const types = '/api/content-type-builder/content-types';

export const strapi: WrittenDeclaration = {
  title: 'Strapi',
  auth: { kind: 'bearer' },
  // Those of plugins and single pages answer in other forms.
  datasets: {
    path: types,
    at: '/data',
    name: '/schema/pluralName',
    only: { '/uid': '^api::', '/schema/kind': '^collectionType$' },
  },
  columns: {
    path: types,
    dataset: { at: '/data', name: '/schema/pluralName' },
    at: '/schema/attributes',
    // Others are shown only where they are asked for, or never.
    only: { '/type': '^(?!relation|media|component|dynamiczone|password)' },
    type: '/type',
    kinds: kindsOf({
      number: ['integer', 'float', 'decimal'],
      string: ['string', 'text', 'richtext', 'email', 'uid', 'enumeration', 'biginteger', 'date', 'time', 'datetime', 'timestamp'],
      boolean: ['boolean'],
    }),
    besides: { documentId: 'string', id: 'number', createdAt: 'string', updatedAt: 'string', publishedAt: 'string' },
  },
  key: 'documentId',
  generated: ['documentId', 'id', 'createdAt', 'updatedAt', 'publishedAt'],
  pageSize: 100,
  list: {
    path: '/api/{dataset}',
    query: { 'sort[0]': '{keyColumn}' },
    rows: '/data',
    paging: { kind: 'page', page: 'pagination[page]', size: 'pagination[pageSize]' },
    total: '/meta/pagination/total',
    keys: { 'filters[{keyColumn}][$in][{index}]': '{key}' },
    since: { 'filters[{column}][$gte]': '{value}', 'sort[0]': '{column}', 'sort[1]': '{keyColumn}' },
  },
  read: { path: '/api/{dataset}/{key}', row: '/data' },
  create: { path: '/api/{dataset}', wrap: '/data', row: '/data' },
  update: { method: 'PUT', path: '/api/{dataset}/{key}', wrap: '/data', row: '/data', isPartial: true },
  delete: { path: '/api/{dataset}/{key}' },
  message: ['/error/message'],
  column: ['/error/details/errors/0/path/0'],
  errors: [{ status: 400, at: '/error/message', matches: '^Invalid key (?<column>.+)$', code: 'schema-changed' }],
  sideEffects: [
    'Webhooks and lifecycle hooks of the content type run.',
    'Where the content type has drafts, a change publishes the draft as an editor has left it.',
  ],
};
