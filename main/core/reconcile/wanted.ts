// The wanted state of each endpoint against its shadow: the writes that are missing, whatever the reason they are missing for.
import type { Change, Hold, Intent, LinkState, Outcome } from '../model/record.ts';
import type { EndpointModel, SyncModel } from '../model/sync.ts';
import { equalValues, type Value, type Values } from '../model/value.ts';
import { becauseDeleted, becauseNew, becauseOfUpdate } from './because.ts';
import { isReadable, isWritable, ownValue, pick, type Sight } from './observe.ts';

export type Skipped = Outcome['skipped'][number];

export interface Needed {
  readonly links: Readonly<Record<string, LinkState>>;
  readonly intents: readonly Intent[];
  readonly skipped: readonly Skipped[];
  readonly unsettled: boolean;
}

interface Images {
  readonly wanted: Values;
  readonly after: Values;
  readonly skipped: readonly Skipped[];
}

/**
 * Golden values and their images for every writable, unheld field that has an agreed value. Of a row that is there, only the fields
 * that it does not show so already (`shadow`): neither the agreed value itself nor its image.
 */
function imagesFor(endpoint: EndpointModel, { model, golden, holds }: LiveRecord, shadow: Values | undefined): Images {
  const wanted: Record<string, Value> = {};
  const after: Record<string, Value> = {};
  const skipped: Skipped[] = [];
  const hasHolds = Object.keys(holds).length > 0;
  for (const { name: field } of model.fields) {
    const lens = ownValue(endpoint.lenses, field);
    const value = ownValue(golden, field);
    if (lens === undefined || !isWritable(lens) || value === undefined || (hasHolds && Object.hasOwn(holds, field))) continue;
    const shown = shadow === undefined ? undefined : ownValue(shadow, field);
    if (equalValues(shown, value)) continue;
    const image = lens.image(value);
    if (!image.ok) {
      skipped.push({ endpoint: endpoint.name, field, why: image.why });
    } else if (!equalValues(shown, image.value)) {
      wanted[field] = value;
      after[field] = image.value;
    }
  }
  return { wanted, after, skipped };
}

export interface LiveRecord {
  readonly model: SyncModel;
  readonly sights: readonly Sight[];
  readonly links: Readonly<Record<string, LinkState>>;
  readonly golden: Values;
  readonly holds: Readonly<Record<string, Hold>>;
  readonly changes: readonly Change[];
  /** Fields with a foreign edit that is put back, with the endpoints that may change them. */
  readonly reverted: ReadonlyMap<string, readonly string[]>;
  /** Nothing of the record is written while its presence waits for a person. */
  readonly isHeld: boolean;
}

/**
 * Updates and creates that a live record needs. A held field has no agreed value, so a row is created without it and gets it when a
 * person has decided; a field whose present value was never read is not written over. Nothing is created while every row of the
 * record is in quarantine, or while a match field is held: nobody could find a row without it again.
 */
export function neededLive(record: LiveRecord): Needed {
  const { model, links, isHeld } = record;
  const intents: Intent[] = [];
  const skipped: Skipped[] = [];
  let unsettled = isHeld || Object.keys(record.holds).length > 0;
  const statuses = Object.values(links).map((link) => link.status);
  const isAllQuarantined = statuses.includes('absent') && !statuses.includes('live');
  const isUnmatchable = model.match.some((field) => Object.hasOwn(record.holds, field));
  for (const endpoint of model.endpoints) {
    const link = ownValue(links, endpoint.name);
    if (link?.status === 'absent') unsettled = true;
    if (link !== undefined && link.status !== 'live') continue;
    if (link === undefined) {
      if (isHeld || isAllQuarantined || isUnmatchable || !endpoint.allow.includes('create')) continue;
      const images = imagesFor(endpoint, record, undefined);
      skipped.push(...images.skipped);
      unsettled ||= images.skipped.length > 0;
      if (Object.keys(images.wanted).length > 0) intents.push(creation(endpoint, images, record));
      continue;
    }
    const misfits = record.sights.find((sight) => sight.endpoint.name === endpoint.name)?.misfits ?? {};
    const canUpdate = endpoint.allow.includes('update');
    skipped.push(...misfitsOf(endpoint, model, misfits));
    if (!canUpdate) continue;
    const images = imagesFor(endpoint, record, link.shadow);
    const unwritable = images.skipped.filter((cell) => !Object.hasOwn(misfits, cell.field));
    skipped.push(...unwritable);
    unsettled ||= unwritable.length > 0;
    const differing = Object.keys(images.after);
    const fields = differing.filter((field) => !Object.hasOwn(misfits, field) && isKnown(endpoint, field, link.shadow));
    if (fields.length < differing.length) unsettled = true;
    if (fields.length > 0 && !isHeld)
      intents.push(update(endpoint, link, fields, images, becauseOfUpdate(fields, record.changes, record.reverted)));
  }
  return { links, intents, skipped, unsettled };
}

/** What a place holds that can be read must have been read before it is replaced. */
function isKnown(endpoint: EndpointModel, field: string, shadow: Values): boolean {
  const lens = ownValue(endpoint.lenses, field);
  return lens !== undefined && (!isReadable(lens) || Object.hasOwn(shadow, field));
}

/** The cells of mapped fields that could not be read, in the fields' order. */
function misfitsOf(endpoint: EndpointModel, model: SyncModel, misfits: Sight['misfits']): readonly Skipped[] {
  if (Object.keys(misfits).length === 0) return [];
  return model.fields.flatMap(({ name: field }) => {
    const misfit = Object.hasOwn(endpoint.lenses, field) ? ownValue(misfits, field) : undefined;
    return misfit === undefined ? [] : [{ endpoint: endpoint.name, field, why: misfit.why }];
  });
}

function creation(endpoint: EndpointModel, images: Images, record: LiveRecord): Intent {
  const present = record.model.endpoints.map((other) => other.name).filter((name) => ownValue(record.links, name)?.status === 'live');
  return { endpoint: endpoint.name, kind: 'create', before: {}, after: images.after, wanted: images.wanted, because: becauseNew(present) };
}

function update(endpoint: EndpointModel, link: LinkState, fields: readonly string[], images: Images, because: string): Intent {
  return {
    endpoint: endpoint.name,
    kind: 'update',
    key: link.key,
    before: pick(link.shadow, fields),
    after: pick(images.after, fields),
    wanted: pick(images.wanted, fields),
    because,
  };
}

/** What a deleted record still needs: its rows deleted, archived or left, as each endpoint's rule says. */
export function neededDeleted(
  model: SyncModel,
  links: Readonly<Record<string, LinkState>>,
  at: readonly string[],
  deletesWithheld: boolean,
): Needed {
  const next: Record<string, LinkState> = { ...links };
  const intents: Intent[] = [];
  const skipped: Skipped[] = [];
  let unsettled = false;
  for (const endpoint of model.endpoints) {
    const link = ownValue(links, endpoint.name);
    if (link?.status === 'absent') unsettled = true;
    if (link?.status !== 'live') continue;
    if (deletesWithheld) {
      unsettled = true;
      continue;
    }
    const step = deleteStep(endpoint, link, becauseDeleted(at));
    if (step.skipped !== undefined) skipped.push(step.skipped);
    if (step.intent === undefined) next[endpoint.name] = { ...link, status: 'ignored' };
    else intents.push(step.intent);
  }
  return { links: next, intents, skipped, unsettled };
}

/** The write that this endpoint's rule asks for; without one its row stays and is ignored from now on. */
function deleteStep(endpoint: EndpointModel, link: LinkState, because: string): { intent?: Intent; skipped?: Skipped } {
  switch (endpoint.deletes) {
    case 'propagate':
    case 'ask':
      if (!endpoint.allow.includes('delete')) return {};
      return { intent: { endpoint: endpoint.name, kind: 'delete', key: link.key, before: link.shadow, after: {}, wanted: {}, because } };
    case 'archive':
      return archiveStep(endpoint, link, because);
    case 'ignore':
      return {};
  }
}

function archiveStep(endpoint: EndpointModel, link: LinkState, because: string): { intent?: Intent; skipped?: Skipped } {
  const { archive } = endpoint;
  const lens = archive === undefined ? undefined : ownValue(endpoint.lenses, archive.field);
  if (archive === undefined || lens === undefined || !isWritable(lens) || !endpoint.allow.includes('update')) return {};
  const image = lens.image(archive.value);
  if (!image.ok) return { skipped: { endpoint: endpoint.name, field: archive.field, why: image.why } };
  if (equalValues(ownValue(link.shadow, archive.field), image.value)) return {};
  const images = { wanted: { [archive.field]: archive.value }, after: { [archive.field]: image.value }, skipped: [] };
  return { intent: update(endpoint, link, [archive.field], images, because) };
}
