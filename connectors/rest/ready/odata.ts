// OData 4: https://www.odata.org. Keys that are text need quotes; this declaration is for keys that are numbers.
import type { WrittenDeclaration } from '../declaration.ts';

export const odata: WrittenDeclaration = {
  title: 'OData',
  auth: { kind: 'bearer' },
  datasets: { path: '/', at: '/value', name: '/name' },
  pageSize: 500,
  list: {
    path: '/{dataset}',
    query: { $orderby: '{keyColumn}' },
    rows: '/value',
    paging: { kind: 'offset', offset: '$skip', size: '$top' },
    since: { $filter: '{column} ge {value}', $orderby: '{column},{keyColumn}' },
  },
  read: { path: '/{dataset}({key})' },
  create: { path: '/{dataset}', row: '' },
  update: { path: '/{dataset}({key})' },
  delete: { path: '/{dataset}({key})' },
  etag: true,
  message: ['/error/message'],
};
