// CouchDB and PouchDB Server: https://docs.couchdb.org. A dataset is a database, a row a document; the revision goes with each change.
import type { WrittenDeclaration } from '../declaration.ts';

export const couchdb: WrittenDeclaration = {
  title: 'CouchDB',
  auth: { kind: 'basic' },
  datasets: { path: '/_all_dbs', at: '', except: '^_' },
  key: '_id',
  assignsKeys: true,
  pageSize: 500,
  list: {
    path: '/{dataset}/_all_docs',
    query: { include_docs: 'true' },
    rows: '/rows',
    item: '/doc',
    exceptKeys: '^_design/',
    paging: { kind: 'offset', offset: 'skip', size: 'limit' },
    total: '/total_rows',
  },
  read: { path: '/{dataset}/{key}' },
  create: { path: '/{dataset}', keyAt: '/id' },
  update: { method: 'PUT', path: '/{dataset}/{key}' },
  delete: { path: '/{dataset}/{key}', query: { rev: '{revision}' } },
  revision: '_rev',
  message: ['/reason', '/error'],
};
