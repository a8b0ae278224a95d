// Strapi 5: https://docs.strapi.io/cms/api/rest. A dataset is the plural name of a content type.
import type { WrittenDeclaration } from '../declaration.ts';

export const strapi: WrittenDeclaration = {
  title: 'Strapi',
  auth: { kind: 'bearer' },
  datasets: { path: '/api/content-type-builder/content-types', at: '/data', name: '/schema/pluralName' },
  key: 'documentId',
  generated: ['documentId', 'id', 'createdAt', 'updatedAt', 'publishedAt'],
  pageSize: 100,
  list: {
    path: '/api/{dataset}',
    query: { sort: '{keyColumn}' },
    rows: '/data',
    paging: { kind: 'page', page: 'pagination[page]', size: 'pagination[pageSize]' },
    total: '/meta/pagination/total',
    since: { 'filters[{column}][$gte]': '{value}', 'sort[0]': '{column}', 'sort[1]': '{keyColumn}' },
  },
  read: { path: '/api/{dataset}/{key}', row: '/data' },
  create: { path: '/api/{dataset}', wrap: '/data', row: '/data' },
  update: { method: 'PUT', path: '/api/{dataset}/{key}', wrap: '/data', row: '/data', isPartial: true },
  delete: { path: '/api/{dataset}/{key}' },
  message: ['/error/message'],
  sideEffects: ['Webhooks and lifecycle hooks of the content type run.'],
};
