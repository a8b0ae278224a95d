// CouchDB and PouchDB Server: https://docs.couchdb.org. A dataset is a database, a row a document; the revision goes with each change.
import type { WrittenDeclaration } from '../declaration.ts';

const bulk = {
  method: 'POST',
  path: '/{dataset}/_bulk_docs',
  wrap: '/docs',
  rows: '',
  failed: '/error',
  moved: 'conflict',
  keyAt: '/id',
} as const;

export const couchdb: WrittenDeclaration = {
  title: 'CouchDB',
  auth: { kind: 'basic' },
  datasets: { path: '/_all_dbs', at: '', only: { '': '^[^_]' } },
  key: '_id',
  assignsKeys: true,
  pageSize: 500,
  generated: ['_rev'],
  types: { _id: 'string', _rev: 'string' },
  list: {
    path: '/{dataset}/_all_docs',
    query: { include_docs: 'true' },
    rows: '/rows',
    item: '/doc',
    exceptKeys: '^_design/',
    paging: { kind: 'from', from: { startkey: '{lastJson}' }, size: 'limit' },
    total: '/total_rows',
    keys: { keys: '{keysJson}' },
  },
  read: { path: '/{dataset}/{key}' },
  create: { path: '/{dataset}', keyAt: '/id' },
  update: { method: 'PUT', path: '/{dataset}/{key}' },
  delete: { path: '/{dataset}/{key}', query: { rev: '{revision}' } },
  batch: { create: bulk, update: { ...bulk, isWhole: true }, delete: { ...bulk, add: { _deleted: true } } },
  revision: '_rev',
  message: ['/reason', '/error'],
  errors: [
    // What a validation function of the database refuses; without the right to write it is another reason, or 401.
    { status: 403, at: '/reason', matches: '^(?!you are not|.*(server admin|not allowed to access))', code: 'constraint' },
  ],
  sideEffects: ['Validation functions of the database run, and replications carry each change on.'],
};
