// Looks for lines of a plan by what they say, a stretch at a time, without bringing the lines out of the database.
import type { Db } from '../../open.ts';
import type { ItemState } from '../plan-items.ts';
import type { LineGroup } from './item-list.ts';
import { anywhere, statements } from './statements.ts';
import type { Bind } from './statements.ts';

export interface ItemTerms {
  /** Shown text contains this, in either case. */
  readonly text?: string | undefined;
  /** A value of this field is in the line. */
  readonly field?: string | undefined;
  readonly state?: ItemState | undefined;
}

interface Found {
  /** JSON. */
  readonly hits: string;
  readonly last: number | null;
  readonly count: number;
}

export interface SearchStep {
  readonly hits: readonly number[];
  /** Where the next step begins; absent at the end of the group. */
  readonly next?: number;
}

const shown = ['before', 'after', 'label', 'key', 'because'];

export function itemSearchTable(db: Db) {
  const prepare = statements(db);
  const texts = prepare<{ id: number; text: string }>(
    `SELECT id, ${shown.join(' || char(10) || ')} AS text FROM item WHERE id IN (SELECT value FROM json_each(@ids)) ORDER BY id`,
  );

  /** SQLite folds the case of ASCII letters only: a text with others is found roughly first, then compared as people read it. */
  const exact = (ids: readonly number[], text: string): readonly number[] => {
    if (ids.length === 0 || isAscii(text)) return ids;
    const wanted = text.toLowerCase();
    return texts.all({ ids: JSON.stringify(ids) }).flatMap((row) => (row.text.toLowerCase().includes(wanted) ? [row.id] : []));
  };
  return {
    /** One step through at most `limit` lines of a group, from the number `from` on. */
    search(at: LineGroup, terms: ItemTerms, from: number, limit: number): SearchStep {
      const found = prepare<Found>(
        `SELECT json_group_array(id) FILTER (WHERE ${conditions(terms)}) AS hits, max(id) AS last, count(*) AS count FROM (
           SELECT id, state, ${shown.join(', ')} FROM item WHERE plan = @plan AND kind = @kind AND endpoint = @endpoint AND id >= @from
           ORDER BY id LIMIT @limit)`,
      ).get({ ...at, ...bind(terms), from, limit });
      if (found === undefined || found.last === null) return { hits: [] };
      const rough = JSON.parse(found.hits) as number[];
      const hits = terms.text === undefined ? rough : exact(rough, terms.text);
      return found.count < limit ? { hits } : { hits, next: found.last + 1 };
    },
  } as const;
}

function conditions({ text, field, state }: ItemTerms): string {
  return [
    ...(state === undefined ? [] : ['state = @state']),
    ...(field === undefined ? [] : ['(instr(before, @field) OR instr(after, @field) OR instr(after, @side))']),
    ...(text === undefined ? [] : [`(${shown.map((column) => `${column} LIKE @text ESCAPE '\\'`).join(' OR ')})`]),
  ].join(' AND ');
}

/** A field is a key of the JSON text; inside a value its quotes would be escaped. A conflict has `field @ endpoint`. */
function bind({ text, field, state }: ItemTerms): Bind {
  return {
    ...(state === undefined ? {} : { state }),
    ...(field === undefined ? {} : { field: `${JSON.stringify(field)}:`, side: JSON.stringify(`${field} @ `).slice(0, -1) }),
    ...(text === undefined ? {} : { text: roughly(text) }),
  };
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

/** A pattern for LIKE in which any letter stands for one that SQLite cannot fold. */
function roughly(text: string): string {
  return anywhere(text).replaceAll(/[^\x20-\x7e]/gu, '_');
}
