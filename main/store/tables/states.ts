// Loads a record's whole state for the reconciler: golden, links with their shadows, holds.
import type {
  FieldChoice,
  Hold,
  HoldReason,
  LinkStatus,
  PresenceHold,
  RecordStatus,
  Candidate,
  Evidence,
} from '../../core/model/record.ts';
import type { Value, Values } from '../../core/model/value.ts';
import type { Db } from '../open.ts';
import { goldenText } from './golden.ts';
import { preparedOnce } from './prepared.ts';

export interface RecordRow {
  readonly id: number;
  readonly status: RecordStatus;
  readonly golden: Values;
}

export interface StoredLink {
  readonly endpoint: number;
  readonly key: string;
  readonly status: LinkStatus;
  /** Null: the shadow is the image of golden. */
  readonly shadow: Values | null;
  readonly version: number;
  readonly absence?: Evidence;
}

export interface StoredState {
  readonly record: RecordRow;
  readonly links: readonly StoredLink[];
  readonly holds: Readonly<Record<string, Hold>>;
  readonly presence?: PresenceHold;
}

interface RawLink {
  readonly endpoint: number;
  readonly key: string;
  readonly status: LinkStatus;
  readonly shadow: string | null;
  readonly version: number;
  readonly absence: string | null;
}

interface RawHold {
  readonly field: string;
  readonly reason: HoldReason;
  readonly base: string | null;
  readonly candidates: string;
  readonly choice: string | null;
}

/** Statements that load records, prepared once. */
export const stateTable = preparedOnce((db: Db) => {
  const record = db.prepare<[number], Omit<RecordRow, 'golden'> & { golden: string }>('SELECT id, status, golden FROM record WHERE id = ?');
  const links = db.prepare<[number], RawLink>('SELECT endpoint, key, status, shadow, version, absence FROM link WHERE record = ?');
  const holds = db.prepare<[number], RawHold>(
    `SELECT f.field, f.reason, f.base, f.candidates, f.choice FROM conflict c JOIN conflict_field f ON f.conflict = c.id
     WHERE c.record = ? AND c.kind = 'fields' AND c.state <> 'closed' AND f.state <> 'closed'`,
  );
  const presence = db
    .prepare<[number], string>("SELECT body FROM conflict WHERE record = ? AND kind = 'presence' AND state <> 'closed'")
    .pluck();
  const pending = db
    .prepare<[number, number, number], number>(
      'SELECT id FROM record INDEXED BY record_pending WHERE sync = ? AND pending > 0 AND id > ? ORDER BY id LIMIT ?',
    )
    .pluck();
  const setPending = db.prepare<[number]>('UPDATE record SET pending = 1 WHERE id = ?');
  const unpack = goldenText(db).unpacker();
  return {
    /** A page of numbers of records that wait for the next run, ascending. */
    pending: (sync: number, after: number, limit: number) => pending.all(sync, after, limit),
    /** The next run looks at the record although nobody changed it. */
    setPending: (id: number) => setPending.run(id),
    load(id: number): StoredState | undefined {
      const row = record.get(id);
      if (!row) return undefined;
      const held = presence.get(id);
      return {
        record: { ...row, golden: unpack(row.golden) },
        links: links.all(id).map(toLink),
        holds: Object.fromEntries(holds.all(id).map((hold) => [hold.field, toHold(hold)])),
        ...(held ? { presence: JSON.parse(held) as PresenceHold } : {}),
      };
    },
  } as const;
});

function toLink(raw: RawLink): StoredLink {
  return {
    endpoint: raw.endpoint,
    key: raw.key,
    status: raw.status,
    shadow: raw.shadow === null ? null : (JSON.parse(raw.shadow) as Values),
    version: raw.version,
    ...(raw.absence === null ? {} : { absence: JSON.parse(raw.absence) as Evidence }),
  };
}

function toHold(raw: RawHold): Hold {
  return {
    reason: raw.reason,
    base: raw.base === null ? undefined : (JSON.parse(raw.base) as Value),
    candidates: JSON.parse(raw.candidates) as Record<string, Candidate>,
    ...(raw.choice === null ? {} : { choice: JSON.parse(raw.choice) as FieldChoice }),
  };
}
