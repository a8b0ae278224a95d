// Applies what was read to the links of a record: status, shadow, and how sure an absence is.
import type { Evidence, LinkState, Observation, RecordState } from '../model/record.ts';
import type { EndpointModel, FieldLens, Misfit, SyncModel } from '../model/sync.ts';
import { equalValues, type Value, type Values } from '../model/value.ts';

/** One linked endpoint after this observation. */
export interface Sight {
  readonly endpoint: EndpointModel;
  /** The link with the new status, evidence and shadow. */
  readonly link: LinkState;
  /** The shadow before this observation: the base for what changed. */
  readonly before: Values;
  /** The link's status before this observation. */
  readonly was: LinkState['status'];
  /** Values that were read now, of readable fields only. */
  readonly seen: Values;
  /** Something was read now that the shadow did not hold. */
  readonly isChanged: boolean;
  readonly misfits: Readonly<Record<string, Misfit>>;
  readonly modified: number | undefined;
  /** The row is missing and the evidence is as strong as the endpoint asks for. */
  readonly isGone: boolean;
}

const noValues: Values = {};
const noMisfits: Sight['misfits'] = {};

export function isReadable(lens: FieldLens): boolean {
  return lens.direction === 'both' || lens.direction === 'read';
}

export function isWritable(lens: FieldLens): boolean {
  return lens.direction === 'both' || lens.direction === 'write';
}

/**
 * The linked endpoints of the model, in the model's order. The `scans` of an absence are all complete scans in a row, those before
 * this observation included, so that a repeated observation proves nothing more. Links of endpoints that the model does not have are
 * not listed.
 */
export function observe(
  model: SyncModel,
  state: RecordState,
  observations: Readonly<Record<string, Observation>>,
  deletesWithheld: boolean,
): readonly Sight[] {
  const sights: Sight[] = [];
  for (const endpoint of model.endpoints) {
    const observation = ownValue(observations, endpoint.name);
    const sight = sightOf(endpoint, ownValue(state.links, endpoint.name), observation, deletesWithheld);
    if (sight !== undefined) sights.push(state.status === 'deleted' ? withArchiveMark(sight) : sight);
  }
  return sights;
}

function sightOf(
  endpoint: EndpointModel,
  known: LinkState | undefined,
  observation: Observation | undefined,
  deletesWithheld: boolean,
): Sight | undefined {
  if (known === undefined && observation?.kind !== 'present') return undefined;
  const before = known?.shadow ?? noValues;
  const was = known?.status ?? 'live';
  const seen = observation?.kind === 'present' ? readableValues(endpoint, observation.values) : noValues;
  const isChanged = Object.keys(seen).some((field) => !equalValues(seen[field], ownValue(before, field)));
  // What happens at an ignored row is nobody's business, unless its record lives again: then it must still be seen as an edit.
  const link = nextLink(known, observation, was === 'ignored' || !isChanged ? before : withSeen(before, seen));
  return {
    endpoint,
    link,
    before,
    was,
    seen,
    isChanged,
    misfits: observation?.kind === 'present' ? observation.misfits : noMisfits,
    modified: observation?.kind === 'present' ? observation.modified : undefined,
    isGone: !deletesWithheld && isProven(link, endpoint),
  };
}

/** A row that was ignored while its record was deleted belongs to it again; one that has gone missing meanwhile waits in quarantine. */
export function revive(sight: Sight): Sight {
  const { link, before, seen } = sight;
  if (link.status !== 'ignored') return sight;
  return { ...sight, link: { ...link, status: link.absence === undefined ? 'live' : 'absent', shadow: { ...before, ...seen } } };
}

/** The archive mark on the row of a deleted record is our own write, even where its answer was lost: no edit. */
function withArchiveMark(sight: Sight): Sight {
  const { archive, deletes, lenses } = sight.endpoint;
  if (archive === undefined || deletes !== 'archive') return sight;
  const image = ownValue(lenses, archive.field)?.image(archive.value);
  if (image?.ok !== true || !equalValues(image.value, ownValue(sight.seen, archive.field))) return sight;
  return { ...sight, before: { ...sight.before, [archive.field]: image.value } };
}

function nextLink(known: LinkState | undefined, observation: Observation | undefined, shadow: Values): LinkState {
  const ignored = known?.status === 'ignored';
  const key = observation?.kind === 'present' ? observation.key : (known?.key ?? '');
  if (observation === undefined) return known ?? { key, status: 'live', shadow };
  switch (observation.kind) {
    case 'present': {
      const status = ignored ? 'ignored' : 'live';
      const isSame = known?.key === key && known.status === status && known.shadow === shadow && known.absence === undefined;
      return isSame ? known : { key, status, shadow };
    }
    case 'outside':
      return { key, status: ignored ? 'ignored' : 'outside', shadow };
    case 'absent':
      return { key, status: ignored ? 'ignored' : 'absent', shadow, absence: addEvidence(known?.absence, observation.evidence) };
  }
}

/** Evidence never shrinks while the row stays away; a row that is seen again has none. */
function addEvidence(known: Evidence | undefined, more: Evidence): Evidence {
  if (known === undefined) return more;
  return { scans: Math.max(known.scans, more.scans), confirmed: known.confirmed || more.confirmed };
}

function isProven(link: LinkState, endpoint: EndpointModel): boolean {
  if (link.absence === undefined || (link.status !== 'absent' && link.status !== 'ignored')) return false;
  return link.absence.confirmed && link.absence.scans >= endpoint.absentScans;
}

/** The values themselves where all of them are of readable fields, which is the rule: a copy for each row costs more than the check. */
function readableValues(endpoint: EndpointModel, values: Values): Values {
  const isRead = (field: string): boolean => readableLens(endpoint, field) !== undefined;
  const fields = Object.keys(values);
  return fields.every(isRead) ? values : pick(values, fields.filter(isRead));
}

function withSeen(before: Values, seen: Values): Values {
  return before === noValues ? seen : { ...before, ...seen };
}

/** The values of some fields, without those that have none. */
export function pick(values: Values, fields: readonly string[]): Values {
  const picked: Record<string, Value> = {};
  for (const field of fields) {
    const value = ownValue(values, field);
    if (value !== undefined) picked[field] = value;
  }
  return picked;
}

/** The sights that have a say in the record's fields. `dropped`: endpoints whose row is deleted and decided. */
export function heardOf(sights: readonly Sight[], dropped: ReadonlySet<string>): readonly Sight[] {
  return sights.filter(({ endpoint, link }) => link.status !== 'ignored' && !dropped.has(endpoint.name));
}

/** The lens through which an endpoint shows a field, where it does. */
export function readableLens(endpoint: EndpointModel, field: string): FieldLens | undefined {
  const lens = ownValue(endpoint.lenses, field);
  return lens !== undefined && isReadable(lens) ? lens : undefined;
}

/** A record's own entry: a field may be called `constructor`. */
export function ownValue<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
