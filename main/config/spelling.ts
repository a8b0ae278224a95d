// Configuration as people write it: the shortest spelling that still means the same.
import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { isRecord } from './explain.ts';
import { mapValues, normaliseConnection, normaliseEndpoint, normaliseField, normaliseMapping, normaliseSync } from './normalise.ts';
import {
  connectionSchema,
  syncSchema,
  type ConnectionConfig,
  type SyncConfig,
  type WorkspaceConfig,
  type WrittenConnection,
  type WrittenSync,
} from './schema.ts';
import { endpointSchema, fieldSchema, mappingSchema } from './schema-parts.ts';

type Test = (candidate: unknown) => boolean;

/** Leaves out what goes without saying, and writes what stands alone without its braces or brackets, wherever `isSame` agrees. */
function shorten(value: unknown, isSame: Test): unknown {
  if (Array.isArray(value)) {
    let items: readonly unknown[] = value;
    for (let at = 0; at < items.length; at += 1)
      items = items.with(
        at,
        shorten(items[at], (item) => isSame(items.with(at, item))),
      );
    return items.length === 1 && isSame(items[0]) ? items[0] : items;
  }
  if (!isRecord(value)) return value;
  let short = value;
  for (const key of Object.keys(value)) {
    const rest = Object.fromEntries(Object.entries(short).filter(([other]) => other !== key));
    if (isSame(rest)) short = rest;
    else short = { ...short, [key]: shorten(short[key], (inner) => isSame({ ...short, [key]: inner })) };
  }
  const [only, second] = Object.values(short);
  return second === undefined && isSame(only) ? only : short;
}

/** A value in its shortest spelling. Throws a TypeError for one that its own schema refuses. */
function shortOf<Written>(schema: z.ZodType<Written>, expand: (written: Written) => unknown, long: unknown): Written {
  const isSame: Test = (candidate) => {
    const { data, success } = schema.safeParse(candidate);
    return success && isDeepStrictEqual(expand(data), long);
  };
  return schema.parse(shorten(long, isSame));
}

export function writtenConnection(connection: ConnectionConfig): WrittenConnection {
  // What a connector is told is not ours to shorten.
  const { connector, ...rest } = shortOf(connectionSchema, normaliseConnection, { ...connection, config: {} });
  return Object.keys(connection.config).length === 0 ? { connector, ...rest } : { connector, config: { ...connection.config }, ...rest };
}

/** `defaults` are those of the folder that the file goes to. The parts are shortened each by itself: there may be hundreds. */
export function writtenSync(id: string, sync: SyncConfig, defaults: WorkspaceConfig['defaults']): WrittenSync {
  const endpoints = mapValues(sync.endpoints, (endpoint) => ({
    ...shortOf(endpointSchema, normaliseEndpoint, { ...endpoint, fields: {} }),
    fields: mapValues(endpoint.fields, (mapping) => shortOf(mappingSchema, normaliseMapping, mapping)),
  }));
  const fields = mapValues(sync.record.fields, (field) => shortOf(fieldSchema, normaliseField, field));
  const small = { ...sync, record: { fields: {} }, endpoints: {}, tests: [] };
  const short = shortOf(syncSchema, (written) => normaliseSync(id, written, defaults), small);
  const { title, owner, record: _record, match, endpoints: _endpoints, ...rules } = short;
  return {
    ...(title === undefined ? {} : { title }),
    ...(owner === undefined ? {} : { owner }),
    record: { fields },
    ...(match === undefined ? {} : { match }),
    endpoints,
    ...rules,
    ...(sync.tests.length === 0 ? {} : { tests: sync.tests.map((test) => ({ ...test })) as WrittenSync['tests'] }),
  };
}
