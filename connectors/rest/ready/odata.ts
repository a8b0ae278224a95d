// OData 4: https://www.odata.org. Text stands in quotes in an address; where a text column holds what looks like a date or a GUID, `types` says so.
import type { WrittenDeclaration } from '../declaration.ts';

export const odata: WrittenDeclaration = {
  title: 'OData',
  auth: { kind: 'bearer' },
  datasets: { path: '/', at: '/value', name: '/name' },
  pageSize: 500,
  literals: 'odata',
  list: {
    path: '/{dataset}',
    query: { $orderby: '{keyColumn}', $count: 'true' },
    rows: '/value',
    paging: { kind: 'offset', offset: '$skip', size: '$top', next: '/@odata.nextLink' },
    total: '/@odata.count',
    since: { $filter: '{column} ge {valueLiteral}', $orderby: '{column},{keyColumn}' },
  },
  read: { path: '/{dataset}({keyLiteral})' },
  create: { path: '/{dataset}', row: '' },
  update: { path: '/{dataset}({keyLiteral})' },
  delete: { path: '/{dataset}({keyLiteral})' },
  etag: true,
  message: ['/error/message'],
  column: ['/error/target'],
};
