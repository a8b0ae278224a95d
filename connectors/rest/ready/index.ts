// Declarations that come with the application.
import type { WrittenDeclaration } from '../declaration.ts';
import { couchdb } from './couchdb.ts';
import { directus } from './directus.ts';
import { jsonServer } from './json-server.ts';
import { nocodb } from './nocodb.ts';
import { odata } from './odata.ts';
import { strapi } from './strapi.ts';

export const readyDeclarations: Readonly<Record<string, WrittenDeclaration>> = {
  'json-server': jsonServer,
  couchdb,
  directus,
  nocodb,
  odata,
  strapi,
};
