// NocoDB, API v2: https://data-apis-v2.nocodb.com. A dataset is the id of a table. Lists are written as a whole or not at all.
import { kindsOf } from '../declaration.ts';
import type { WrittenDeclaration } from '../declaration.ts';

const path = '/api/v2/tables/{dataset}/records';

export const nocodb: WrittenDeclaration = {
  title: 'NocoDB',
  auth: { kind: 'apiKey', in: 'header', name: 'xc-token' },
  datasets: { path: '/api/v2/meta/bases/{base}/tables', at: '/list', name: '/id' },
  columns: {
    path: '/api/v2/meta/tables/{dataset}',
    at: '/columns',
    name: '/title',
    only: { '/uidt': '^(?!CreatedBy|LastModifiedBy|Order)' },
    type: '/uidt',
    kinds: kindsOf({
      number: ['ID', 'Number', 'Decimal', 'Currency', 'Percent', 'Rating', 'Year', 'Duration'],
      string: ['SingleLineText', 'LongText', 'Email', 'PhoneNumber', 'URL', 'SingleSelect', 'MultiSelect', 'Date', 'DateTime', 'Time'],
    }),
    key: { '/pk': '^(1|true)$' },
    generated: { '/uidt': '^(ID|CreatedTime|LastModifiedTime|Formula|Rollup|Lookup|Count|AutoNumber|Barcode|QrCode|Button)$' },
  },
  key: 'Id',
  generated: ['Id', 'CreatedAt', 'UpdatedAt'],
  pageSize: 200,
  list: {
    path,
    query: { sort: '{keyColumn}' },
    rows: '/list',
    paging: { kind: 'offset', offset: 'offset', size: 'limit', beyond: { status: 422, matches: '^Offset value' } },
    total: '/pageInfo/totalRows',
    keys: { where: '({keyColumn},in,{keys})' },
    since: { where: '({column},gte,{value})', sort: '{column},{keyColumn}' },
  },
  read: { path: `${path}/{key}` },
  create: { path, row: '' },
  update: { path, keyIn: 'body' },
  delete: { path, keyIn: 'body' },
  batch: { create: { path, rows: '' }, update: { path, rows: '' }, delete: { path, rows: '' } },
  message: ['/msg', '/message'],
  errors: [{ status: 422, at: '/error', matches: '^ERR_INVALID_PK_VALUE$', code: 'not-found' }],
  sideEffects: ['Webhooks of the table run.'],
};
