// The plan as a file: what `kanto plan --json` prints and `kanto run --plan` takes. Public interface; see CONFIG in main/cli/README.md.
import { z } from 'zod';
import { valuesSchema } from '../../preload/contract/values.ts';
import { KantoError } from '../core/model/error.ts';
import type { Value } from '../core/model/value.ts';
import { planTable } from '../store/tables/plans.ts';
import type { PlanSummary } from '../store/tables/plans.ts';
import { planItemTable } from '../store/tables/plan-items.ts';
import type { ItemKind } from '../store/tables/plan-items.ts';
import { uuidText } from '../store/tables/uuid.ts';
import type { Db } from '../store/open.ts';

const key = z.array(z.string());

export const planDocumentSchema = z.object({
  plan: z.string(),
  sync: z.string(),
  complete: z.record(z.string(), z.boolean()),
  operations: z.array(
    z.object({
      id: z.number(),
      endpoint: z.string(),
      kind: z.enum(['create', 'update', 'delete']),
      record: z.string(),
      key,
      before: valuesSchema,
      after: valuesSchema,
      because: z.string(),
      /** Fingerprint of the line; `plan` covers all of them. */
      digest: z.string(),
    }),
  ),
  conflicts: z.array(
    z.object({
      record: z.string(),
      kind: z.enum(['fields', 'presence', 'match']),
      why: z.string(),
      fields: z.record(z.string(), z.object({ base: valuesSchema.valueType, candidates: valuesSchema })),
    }),
  ),
  withheld: z.array(z.object({ endpoint: z.string(), kind: z.enum(['create', 'update', 'delete']), key, why: z.string() })),
  skipped: z.array(z.object({ endpoint: z.string(), key, field: z.string().optional(), why: z.string() })),
  /** What else is to be known before it is approved, in sentences. */
  notices: z.array(z.string()).optional(),
  /** The run that the plan undoes, and what stays as it is. */
  undoes: z.number().optional(),
  cannotRestore: z.array(z.object({ endpoint: z.string(), key: key.optional(), field: z.string().optional(), why: z.string() })).optional(),
});

export type PlanDocument = z.infer<typeof planDocumentSchema>;

export interface PlanDocumentLine {
  readonly id: number;
  readonly kind: ItemKind;
  readonly wouldBe: 'create' | 'update' | 'delete' | null;
  /** Identifier; null for one that is only now made, and where `isAbout` is 0. */
  readonly record: string | null;
  /** 1: the line is about one record. */
  readonly isAbout: 0 | 1;
  readonly endpoint: string;
  readonly key: string;
  readonly before: string;
  readonly after: string;
  readonly because: string;
  readonly digest: string;
}

/** The lists of the document, and the lines that are in them. */
const kindsOf = {
  operations: ['create', 'update', 'delete'],
  conflicts: ['conflict'],
  withheld: ['withheld'],
  skipped: ['skip'],
} as const satisfies Readonly<Record<string, readonly ItemKind[]>>;

export type PlanDocumentPart = keyof typeof kindsOf;

export const planDocumentParts: readonly PlanDocumentPart[] = ['operations', 'conflicts', 'withheld', 'skipped'];

/** Writes out a sealed plan. */
export function planDocument(db: Db, plan: number): PlanDocument {
  const document: PlanDocument = { ...planDocumentHead(db, plan), operations: [], conflicts: [], withheld: [], skipped: [] };
  for (const part of planDocumentParts) {
    for (const lines of planDocumentLines(db, plan, part))
      for (const line of lines) (document[part] as unknown[]).push(documentEntry(line));
  }
  return document;
}

/** What stands before the lines. */
export function planDocumentHead(db: Db, plan: number): Omit<PlanDocument, PlanDocumentPart> {
  const row = planTable(db).find(plan);
  if (!row || row.hash === '') throw new KantoError('unknown-plan', `There is no plan ${plan}.`, 'Make a new plan.', 'ask-user');
  const { complete, notices, undo } = JSON.parse(row.summary) as PlanSummary;
  return {
    plan: row.hash,
    sync: row.sync,
    complete: { ...complete },
    ...(notices.length === 0 ? {} : { notices: [...notices] }),
    ...(undo === undefined
      ? {}
      : { undoes: undo.run, cannotRestore: undo.kept.map(({ key, ...one }) => ({ ...one, ...(key ? { key: [...key] } : {}) })) }),
  };
}

/** Lines read at a time. */
const pageSize = 1000;

/** The lines of one list in their order, a page at a time; a page may be empty. */
export function* planDocumentLines(db: Db, plan: number, part: PlanDocumentPart): Generator<readonly PlanDocumentLine[]> {
  const page = db.prepare<[number, number, number, string], PlanDocumentLine>(
    `SELECT i.id, kind, would_be AS wouldBe, ${uuidText('r.uuid')} AS record, record IS NOT NULL AS isAbout, endpoint, key, before, after, because, digest
     FROM item i NOT INDEXED LEFT JOIN record r ON r.id = i.record
     WHERE i.id BETWEEN ? AND ? AND plan = ? AND kind IN (SELECT value FROM json_each(?)) ORDER BY i.id`,
  );
  const { first, last } = planItemTable(db, plan).bounds();
  const kinds = JSON.stringify(kindsOf[part]);
  for (let from = first; from <= last; from += pageSize) yield page.all(from, Math.min(last, from + pageSize - 1), plan, kinds);
}

/** A line as its list has it. */
export function documentEntry(line: PlanDocumentLine): PlanDocument[PlanDocumentPart][number] {
  const key = JSON.parse(line.key) as string[];
  const { id, endpoint, kind, record, because, digest } = line;
  switch (kind) {
    case 'create':
    case 'update':
    case 'delete': {
      const values = { before: JSON.parse(line.before) as Values, after: JSON.parse(line.after) as Values };
      return { id, endpoint, kind, record: record ?? '', key, ...values, because, digest };
    }
    case 'conflict':
      return conflictOf(line);
    case 'withheld':
      return { endpoint, kind: line.wouldBe ?? 'delete', key, why: because };
    case 'skip': {
      const field = Object.keys(JSON.parse(line.after) as object)[0];
      return { endpoint, key, ...(field === undefined ? {} : { field }), why: because };
    }
  }
}

type Values = PlanDocument['operations'][number]['before'];

function conflictOf(
  line: Pick<PlanDocumentLine, 'record' | 'isAbout' | 'before' | 'after' | 'because'>,
): PlanDocument['conflicts'][number] {
  const base = JSON.parse(line.before) as Record<string, Value>;
  const candidates = JSON.parse(line.after) as Record<string, Value>;
  const fields: Record<string, { base: Value; candidates: Record<string, Value> }> = {};
  for (const [field, value] of Object.entries(base)) {
    const own = Object.entries(candidates).flatMap(([name, candidate]) =>
      name.startsWith(`${field} @ `) ? [[name.slice(field.length + 3), candidate] as const] : [],
    );
    fields[field] = { base: value, candidates: Object.fromEntries(own) };
  }
  const kind = line.isAbout === 0 ? 'match' : Object.keys(base).length > 0 ? 'fields' : 'presence';
  return { record: line.record ?? '', kind, why: line.because, fields: fields as PlanDocument['conflicts'][number]['fields'] };
}

/** Brings a plan file back as an approved plan; the plan it came from is used where this workspace still has it. */
export function adoptPlan(db: Db, document: PlanDocument, revision: number, at: number): number {
  const known = db
    .prepare<[string, string], number>('SELECT id FROM plan WHERE hash = ? AND sync = ? ORDER BY id DESC')
    .pluck()
    .get(document.plan, document.sync);
  const stored = known === undefined ? undefined : planDocument(db, known);
  if (known !== undefined && stored && JSON.stringify(stored.operations) === JSON.stringify(document.operations)) return known;
  if (stored && !document.operations.every((line) => stored.operations.some((own) => own.digest === line.digest))) {
    throw new KantoError(
      'plan-mismatch',
      `The plan file says something that plan ${document.plan} did not.`,
      'Export the plan again; lines may be taken out of a plan, not added or changed.',
      'ask-user',
    );
  }
  const plans = planTable(db);
  return db.transaction(() => {
    const id = plans.create(document.sync, revision, at, null);
    const items = planItemTable(db, id);
    for (const line of document.operations) {
      items.insert({
        kind: line.kind,
        wouldBe: null,
        record: null,
        label: line.key.join(', '),
        endpoint: line.endpoint,
        key: JSON.stringify(line.key),
        before: JSON.stringify(line.before),
        after: JSON.stringify(line.after),
        because: line.because,
        digest: line.digest,
        state: 'planned',
      });
    }
    const { complete, notices = [], undoes: run, cannotRestore: kept = [] } = document;
    const undo = run === undefined ? {} : { undo: { run, kept, keptCount: kept.length } };
    plans.seal(id, document.plan, { complete, notices, limits: [], counts: items.counts(), ...undo });
    return id;
  })();
}
