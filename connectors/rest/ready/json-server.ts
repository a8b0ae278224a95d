// json-server 0.17: https://github.com/typicode/json-server/tree/v0
import type { WrittenDeclaration } from '../declaration.ts';

export const jsonServer: WrittenDeclaration = {
  title: 'json-server',
  datasets: { path: '/db', at: '' },
  pageSize: 1000,
  assignsKeys: true,
  list: {
    path: '/{dataset}',
    query: { _sort: '{keyColumn}', _order: 'asc' },
    rows: '',
    paging: { kind: 'page', page: '_page', size: '_limit' },
    since: { '{column}_gte': '{value}', _sort: '{column},{keyColumn}', _order: 'asc,asc' },
  },
  read: { path: '/{dataset}/{key}' },
  create: { path: '/{dataset}', row: '' },
  update: { path: '/{dataset}/{key}', row: '' },
  delete: { path: '/{dataset}/{key}' },
};
