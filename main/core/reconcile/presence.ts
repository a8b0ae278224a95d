// Decides whether a record lives, is deleted, or waits for a person because it was deleted in one place and changed in another.
import type { PresenceHold, RecordState } from '../model/record.ts';
import type { SyncModel } from '../model/sync.ts';
import type { Sight } from './observe.ts';

export type PresenceVerdict =
  | { readonly kind: 'live' }
  | { readonly kind: 'deleted'; readonly at: readonly string[] }
  | { readonly kind: 'held'; readonly hold: PresenceHold };

/**
 * The presence of the record after this observation. `changed`: endpoints with an edit of any field that is new or contested.
 * A choice to delete does not cover an edit that it has not seen (`edited`: changed in this observation); then it counts for nothing.
 */
export function decidePresence(
  model: SyncModel,
  state: RecordState,
  sights: readonly Sight[],
  changed: ReadonlySet<string>,
  edited: ReadonlySet<string>,
  deletesWithheld: boolean,
): PresenceVerdict {
  const rest = sights.filter((sight) => !sight.isGone && sight.link.status !== 'ignored');
  const isLive = state.status === 'live';
  const gone = isLive ? namesWhere(sights, (sight) => sight.isGone && sight.was !== 'ignored') : missingFrom(model, rest);
  const { presence } = state;
  if (presence?.choice?.keep === true) return { kind: 'live' };
  if (deletesWithheld && presence !== undefined && isStillMissing(presence, state, sights)) return { kind: 'held', hold: presence };
  if (presence?.reason === 'undone' && rest.length > 0) {
    if (presence.choice === undefined && !isBackEverywhere(presence, rest)) return { kind: 'held', hold: presence };
    if (presence.choice !== undefined && edited.size === 0) return { kind: 'deleted', at: presence.deletedAt };
  }
  if (isLive && gone.length === 0) return { kind: 'live' };
  const isChanged = (sight: Sight): boolean =>
    sight.link.status !== 'absent' && (changed.has(sight.endpoint.name) || (presence?.changedAt.includes(sight.endpoint.name) ?? false));
  const hold: Omit<PresenceHold, 'reason'> = { deletedAt: gone, changedAt: namesWhere(rest, isChanged) };
  if (presence?.choice !== undefined && edited.size === 0) return { kind: 'deleted', at: gone };
  if (rest.length === 0) return { kind: 'deleted', at: gone };
  if (hold.changedAt.length > 0 && model.presence !== 'delete') {
    return model.presence === 'update' ? { kind: 'live' } : { kind: 'held', hold: { reason: 'update-against-delete', ...hold } };
  }
  if (rest.some((sight) => asksFirst(sight, isLive || presence !== undefined))) return { kind: 'held', hold: { reason: 'ask', ...hold } };
  return { kind: 'deleted', at: gone };
}

/** A row that came back into view after its record was deleted was never asked about; one that stayed in view was. */
function asksFirst(sight: Sight, isOpen: boolean): boolean {
  return sight.endpoint.deletes === 'ask' && sight.link.status === 'live' && (isOpen || sight.was !== 'live');
}

/** The rows that an undo took away were made again. */
function isBackEverywhere({ deletedAt }: PresenceHold, rest: readonly Sight[]): boolean {
  return deletedAt.every((name) => rest.some((sight) => sight.endpoint.name === name));
}

function isStillMissing(presence: PresenceHold, state: RecordState, sights: readonly Sight[]): boolean {
  if (state.status === 'deleted') return true;
  return sights.some((sight) => sight.link.status === 'absent' && presence.deletedAt.includes(sight.endpoint.name));
}

function missingFrom(model: SyncModel, rest: readonly Sight[]): readonly string[] {
  const present = new Set(rest.map((sight) => sight.endpoint.name));
  return model.endpoints.map((endpoint) => endpoint.name).filter((name) => !present.has(name));
}

function namesWhere(sights: readonly Sight[], holds: (sight: Sight) => boolean): readonly string[] {
  return sights.filter(holds).map((sight) => sight.endpoint.name);
}
