// Directus 11 and 12: https://directus.io/docs/api
import type { WrittenDeclaration } from '../declaration.ts';

export const directus: WrittenDeclaration = {
  title: 'Directus',
  auth: { kind: 'bearer' },
  datasets: { path: '/collections', at: '/data', name: '/collection', except: '^directus_' },
  pageSize: 500,
  list: {
    path: '/items/{dataset}',
    query: { sort: '{keyColumn}', meta: 'filter_count' },
    rows: '/data',
    paging: { kind: 'offset', offset: 'offset', size: 'limit' },
    total: '/meta/filter_count',
    since: { 'filter[{column}][_gte]': '{value}', sort: '{column},{keyColumn}' },
  },
  read: { path: '/items/{dataset}/{key}', row: '/data' },
  create: { path: '/items/{dataset}', row: '/data' },
  update: { path: '/items/{dataset}/{key}', row: '/data' },
  delete: { path: '/items/{dataset}/{key}' },
  quota: { limit: 'ratelimit-limit', remaining: 'ratelimit-remaining', reset: 'ratelimit-reset' },
  message: ['/errors/0/message'],
  sideEffects: ['Flows and hooks of the collection run.'],
};
