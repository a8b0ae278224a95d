// Directus 11 and 12: https://directus.io/docs/api. Lists of rows are written as a whole or not at all.
import { kindsOf } from '../declaration.ts';
import type { WrittenDeclaration } from '../declaration.ts';

const path = '/items/{dataset}';

export const directus: WrittenDeclaration = {
  title: 'Directus',
  auth: { kind: 'bearer' },
  // Folders have no table.
  datasets: { path: '/collections', at: '/data', name: '/collection', only: { '/collection': '^(?!directus_)', '/schema/name': '.' } },
  columns: {
    path: '/fields/{dataset}',
    at: '/data',
    name: '/field',
    only: { '/schema/name': '.' },
    type: '/type',
    kinds: kindsOf({
      number: ['integer', 'float'],
      string: ['bigInteger', 'decimal', 'string', 'text', 'uuid', 'hash', 'date', 'time', 'dateTime', 'timestamp'],
      boolean: ['boolean'],
    }),
    key: { '/schema/is_primary_key': '^true$' },
    generated: { '/meta/special': '"(date|user)-(created|updated)"' },
  },
  pageSize: 500,
  list: {
    path,
    query: { sort: '{keyColumn}', meta: 'filter_count' },
    rows: '/data',
    paging: { kind: 'offset', offset: 'offset', size: 'limit' },
    total: '/meta/filter_count',
    keys: { 'filter[{keyColumn}][_in]': '{keys}' },
    since: { 'filter[{column}][_gte]': '{value}', sort: '{column},{keyColumn}' },
  },
  // A row by its address is refused in the same words whether it is not there or not to be seen.
  read: { path, query: { 'filter[{keyColumn}][_eq]': '{key}' }, row: '/data/0' },
  create: { path, row: '/data' },
  update: { path: `${path}/{key}`, row: '/data' },
  delete: { path: `${path}/{key}` },
  batch: {
    create: { path, rows: '/data', keyAt: '/{keyColumn}' },
    update: { path, rows: '/data', keyAt: '/{keyColumn}' },
    delete: { path, of: 'keys' },
  },
  message: ['/errors/0/message'],
  column: ['/errors/0/extensions/field'],
  errors: [
    { status: 403, at: '/errors/0/message', matches: 'access field "(?<column>[^"]+)".* or it does not exist', code: 'schema-changed' },
    { status: 403, at: '/errors/0/message', matches: 'access collection .* or it does not exist', code: 'not-found' },
    { status: 400, at: '/errors/0/message', matches: 'field type does not contain the "_', code: 'unsupported' },
    // What the database refused and Directus has no name for, as each database says it.
    {
      status: 500,
      at: '/errors/0/message',
      matches: 'invalid input syntax|incorrect .+ value|data truncated|datatype mismatch|conversion failed',
      code: 'constraint',
    },
  ],
  sideEffects: ['Flows and hooks of the collection run.'],
};
