// What one file alone cannot tell: that names mean something, and that connectors can do what syncs ask of them.
import { capabilitiesOf } from '../../connectors/capabilities.ts';
import type { Connector } from '../../connectors/contract.ts';
import { parseCanonical } from '../core/mapping/canonical.ts';
import { formatProblem } from '../core/mapping/format.ts';
import { fieldType, naturalMerge, possibleMerges } from './field-type.ts';
import type { Finding, Path } from './issue.ts';
import { explain } from './explain.ts';
import { isLaterConnector } from './not-yet.ts';
import { hint } from './nearest.ts';
import type { ConnectionConfig, EndpointConfig, PolicyConfig, SyncConfig } from './schema.ts';

/** Connectors by id, as connectors/registry.ts has them. */
export type Connectors = Readonly<Record<string, Connector>>;

/** Names that mean something else wherever an endpoint is named. */
const reservedEndpoints = ['base', 'record'];

function unknown(path: Path, what: string, name: string, known: readonly string[], onKey = false): Finding {
  return { path, onKey, message: `unknown ${what} "${name}"${hint(name, known)}` };
}

/** The connector exists, takes this configuration and asks for these secrets. */
export function checkConnection(connection: ConnectionConfig, connectors: Connectors): readonly Finding[] {
  const connector = Object.hasOwn(connectors, connection.connector) ? connectors[connection.connector] : undefined;
  if (connector === undefined) {
    if (isLaterConnector(connection.connector))
      return [{ path: ['connector'], message: `not yet: the connector "${connection.connector}" does not work yet` }];
    return [unknown(['connector'], 'connector', connection.connector, Object.keys(connectors))];
  }
  const secrets = Object.keys(connection.secrets)
    .filter((name) => !connector.secrets.includes(name))
    .map((name) => unknown(['secrets', name], `secret of ${connector.id}`, name, connector.secrets, true));
  return [...explain(connector.configSchema, connection.config, ['config']).findings, ...secrets];
}

function checkPolicies(sync: SyncConfig, key: string, list: readonly PolicyConfig[], base: Path): readonly Finding[] {
  const names = Object.keys(sync.endpoints);
  const type = Object.hasOwn(sync.record.fields, key) ? sync.record.fields[key]?.type : undefined;
  return list.flatMap((policy, index): readonly Finding[] => {
    const path = [...base, index];
    if (typeof policy === 'object' && 'priority' in policy) {
      return policy.priority.flatMap((name, at) =>
        names.includes(name) ? [] : [unknown([...path, 'priority', at], 'endpoint', name, names)],
      );
    }
    if (type === undefined) return [];
    if (policy === 'merge' && naturalMerge(type) === undefined) {
      const can = possibleMerges(type);
      return [
        {
          path,
          message:
            can.length === 0
              ? `a ${type} field cannot be merged`
              : `a ${type} field merges only by ${can.map((how) => `{ merge: ${how} }`).join(' or ')}`,
        },
      ];
    }
    if (typeof policy === 'object' && 'merge' in policy && !possibleMerges(type).includes(policy.merge)) {
      return [
        { path: [...path, 'merge'], message: `a ${type} field cannot be merged by ${policy.merge}${hint('', possibleMerges(type))}` },
      ];
    }
    return [];
  });
}

function checkMappings(sync: SyncConfig, endpoint: EndpointConfig, base: Path): readonly Finding[] {
  const writers = new Map<string, string>();
  return Object.entries(endpoint.fields).flatMap(([name, mapping]): readonly Finding[] => {
    const path = [...base, 'fields', name];
    const field = Object.hasOwn(sync.record.fields, name) ? sync.record.fields[name] : undefined;
    if (field === undefined) return [unknown(path, 'field', name, Object.keys(sync.record.fields), true)];
    const findings: Finding[] = [];
    const targets = field.type === 'enum' ? (field.values ?? []) : field.type === 'boolean' ? ['true', 'false'] : undefined;
    const strangers = Object.entries(mapping.values).filter(([, canonical]) => targets !== undefined && !targets.includes(canonical));
    for (const [native, canonical] of strangers)
      findings.push(unknown([...path, 'values', native], `value of ${name}`, canonical, targets ?? []));
    const problem = strangers.length > 0 ? undefined : formatProblem(fieldType(field), mapping.format, mapping.values);
    if (problem !== undefined)
      findings.push({ path: [...path, Object.keys(mapping.format).length > 0 ? 'format' : 'values'], message: problem });
    if (mapping.direction !== 'read') {
      const other = writers.get(mapping.column);
      if (other !== undefined)
        findings.push({
          path,
          message: `${other} and ${name} would both write the column "${mapping.column}"; let one of them only read it`,
        });
      writers.set(mapping.column, name);
    }
    return findings;
  });
}

function checkEndpoint(
  sync: SyncConfig,
  name: string,
  endpoint: EndpointConfig,
  connections: Readonly<Record<string, ConnectionConfig>>,
  connectors: Connectors,
) {
  const path = ['endpoints', name];
  const findings: Finding[] = [...checkMappings(sync, endpoint, path)];
  if (reservedEndpoints.includes(name))
    findings.push({ path, onKey: true, message: `"${name}" has a meaning of its own; give the endpoint another name` });
  for (const field of sync.match) {
    const mapping = Object.hasOwn(endpoint.fields, field) ? endpoint.fields[field] : undefined;
    if (Object.hasOwn(sync.record.fields, field) && (mapping === undefined || mapping.direction === 'write')) {
      findings.push({
        path: [...path, 'fields'],
        onKey: true,
        message: `the match field ${field} is not read here, so rows of ${name} could never be matched; map it or take it out of "match"`,
      });
    }
  }
  if (endpoint.deletes === 'archive' && endpoint.archive === undefined) {
    findings.push({ path: [...path, 'deletes'], message: '"deletes: archive" needs "archive: { field: ..., value: ... }"' });
  }
  if (endpoint.archive !== undefined) {
    const mapping = Object.hasOwn(endpoint.fields, endpoint.archive.field) ? endpoint.fields[endpoint.archive.field] : undefined;
    if (mapping === undefined)
      findings.push(unknown([...path, 'archive', 'field'], 'field here', endpoint.archive.field, Object.keys(endpoint.fields)));
    else if (mapping.direction === 'read')
      findings.push({ path: [...path, 'archive', 'field'], message: `${endpoint.archive.field} is only read here and cannot be set` });
  }
  const archived = endpoint.archive === undefined ? undefined : sync.record.fields[endpoint.archive.field];
  if (endpoint.archive !== undefined && archived !== undefined) {
    const value = parseCanonical(fieldType(archived), endpoint.archive.value);
    if (!value.ok) findings.push({ path: [...path, 'archive', 'value'], message: value.why });
  }
  const timeProblem = endpoint.modified === undefined ? undefined : formatProblem({ kind: 'instant' }, endpoint.modified.format);
  if (timeProblem !== undefined) findings.push({ path: [...path, 'modified', 'format'], message: timeProblem });
  if (endpoint.changes === 'cursor' && endpoint.modified === undefined) {
    findings.push({
      path: [...path, 'changes'],
      message: '"changes: cursor" needs "modified", the column that says when a row was changed',
    });
  }
  const connection = Object.hasOwn(connections, endpoint.connection) ? connections[endpoint.connection] : undefined;
  if (connection === undefined)
    findings.push(unknown([...path, 'connection'], 'connection', endpoint.connection, Object.keys(connections)));
  const connector =
    connection !== undefined && Object.hasOwn(connectors, connection.connector) ? connectors[connection.connector] : undefined;
  if (connector === undefined) return findings;
  const capabilities = capabilitiesOf(connector, connection?.config);
  if (endpoint.where !== undefined && !capabilities.filters)
    findings.push({ path: [...path, 'where'], message: `${connector.id} takes no filter` });
  if (endpoint.changes === 'cursor' && !capabilities.cursor)
    findings.push({ path: [...path, 'changes'], message: `${connector.id} cannot read by cursor; use auto or snapshot` });
  if (endpoint.changes === 'log' && capabilities.log !== true)
    findings.push({ path: [...path, 'changes'], message: `${connector.id} keeps no log of changes; use auto, snapshot or cursor` });
  if (endpoint.changes === 'log' && endpoint.where !== undefined)
    findings.push({ path: [...path, 'where'], message: 'a log of changes cannot be filtered; leave "where" out or use "changes: auto"' });
  for (const [index, kind] of (endpoint.allow ?? []).entries()) {
    if (capabilities.write.includes(kind)) continue;
    const why = connector.capabilities.write.includes(kind) ? ` as the connection "${endpoint.connection}" is configured` : '';
    findings.push({ path: [...path, 'allow', index], message: `${connector.id} cannot ${kind}${why}` });
  }
  return findings;
}

/** Every name in a sync means something, and its connectors can do what it asks. */
export function checkSync(
  sync: SyncConfig,
  connections: Readonly<Record<string, ConnectionConfig>>,
  connectors: Connectors,
): readonly Finding[] {
  const fields = Object.keys(sync.record.fields);
  const endpoints = Object.keys(sync.endpoints);
  const findings: Finding[] = [];
  if (fields.length === 0) findings.push({ path: ['record', 'fields'], message: 'a record needs at least one field' });
  if (endpoints.length < 2) findings.push({ path: ['endpoints'], message: 'a sync needs at least two endpoints' });
  if (fields.includes('default'))
    findings.push({
      path: ['record', 'fields', 'default'],
      onKey: true,
      message: '"default" has a meaning of its own in policies; give the field another name',
    });
  const places = new Map<string, string>();
  for (const [name, endpoint] of Object.entries(sync.endpoints)) {
    findings.push(...checkEndpoint(sync, name, endpoint, connections, connectors));
    const place = JSON.stringify([endpoint.connection, endpoint.dataset, endpoint.where ?? null]);
    const other = places.get(place);
    if (other !== undefined) findings.push({ path: ['endpoints', name], onKey: true, message: `${name} and ${other} are the same place` });
    places.set(place, name);
  }
  for (const [index, field] of sync.match.entries())
    if (!fields.includes(field)) findings.push(unknown(['match', index], 'field', field, fields));
  for (const [index, policy] of sync.first.entries()) {
    if (typeof policy !== 'object') continue;
    for (const [at, name] of policy.priority.entries())
      if (!endpoints.includes(name)) findings.push(unknown(['first', index, 'priority', at], 'endpoint', name, endpoints));
  }
  for (const [key, list] of Object.entries(sync.policies)) {
    if (key !== 'default' && !fields.includes(key)) findings.push(unknown(['policies', key], 'field', key, [...fields, 'default'], true));
    findings.push(...checkPolicies(sync, key, list, ['policies', key]));
  }
  for (const [field, authority] of Object.entries(sync.authority)) {
    if (!fields.includes(field)) findings.push(unknown(['authority', field], 'field', field, fields, true));
    for (const [index, name] of authority.only.entries()) {
      const path = ['authority', field, 'only', index];
      const mapping = Object.hasOwn(sync.endpoints, name) ? sync.endpoints[name]?.fields[field] : undefined;
      if (!endpoints.includes(name)) findings.push(unknown(path, 'endpoint', name, endpoints));
      else if (fields.includes(field) && (mapping === undefined || mapping.direction === 'write'))
        findings.push({ path, message: `${name} does not read ${field}, so it cannot be the one that says it` });
    }
  }
  for (const [name, keys] of Object.entries(sync.sentinels)) {
    const endpoint = Object.hasOwn(sync.endpoints, name) ? sync.endpoints[name] : undefined;
    if (endpoint === undefined) findings.push(unknown(['sentinels', name], 'endpoint', name, endpoints, true));
    for (const [index, key] of keys.entries()) {
      if (endpoint !== undefined && key.length !== endpoint.key.length)
        findings.push({
          path: ['sentinels', name, index],
          message: `the key of ${name} has ${endpoint.key.length} part(s): ${endpoint.key.join(', ')}`,
        });
    }
  }
  return [...findings, ...checkExamples(sync)];
}

function checkExamples(sync: SyncConfig): readonly Finding[] {
  return sync.tests.flatMap((test, index): readonly Finding[] => {
    const endpoint = Object.hasOwn(sync.endpoints, test.at) ? sync.endpoints[test.at] : undefined;
    if (endpoint === undefined) return [unknown(['tests', index, 'at'], 'endpoint', test.at, Object.keys(sync.endpoints))];
    const columns = Object.values(endpoint.fields).map((mapping) => mapping.column);
    const bad = (part: 'read' | 'write' | 'record', known: readonly string[], what: string) =>
      Object.keys(test[part] ?? {})
        .filter((name) => !known.includes(name))
        .map((name) => unknown(['tests', index, part, name], what, name, known, true));
    return [
      ...bad('read', columns, 'mapped column'),
      ...bad('record', Object.keys(endpoint.fields), 'field here'),
      ...bad('write', columns, 'mapped column'),
    ];
  });
}
