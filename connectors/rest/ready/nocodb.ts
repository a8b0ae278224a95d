// NocoDB, API v2: https://data-apis-v2.nocodb.com. A dataset is the id of a table.
import type { WrittenDeclaration } from '../declaration.ts';

export const nocodb: WrittenDeclaration = {
  title: 'NocoDB',
  auth: { kind: 'apiKey', in: 'header', name: 'xc-token' },
  datasets: { path: '/api/v2/meta/bases/{base}/tables', at: '/list', name: '/id' },
  key: 'Id',
  pageSize: 200,
  list: {
    path: '/api/v2/tables/{dataset}/records',
    query: { sort: '{keyColumn}' },
    rows: '/list',
    paging: { kind: 'offset', offset: 'offset', size: 'limit' },
    total: '/pageInfo/totalRows',
    since: { where: '({column},gte,{value})', sort: '{column},{keyColumn}' },
  },
  read: { path: '/api/v2/tables/{dataset}/records/{key}' },
  create: { path: '/api/v2/tables/{dataset}/records', row: '' },
  update: { path: '/api/v2/tables/{dataset}/records', keyIn: 'body' },
  delete: { path: '/api/v2/tables/{dataset}/records', keyIn: 'body' },
  message: ['/msg', '/message'],
  sideEffects: ['Webhooks of the table run.'],
};
