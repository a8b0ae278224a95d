// The plan as a file: what `kanto plan --json` prints and `kanto run --plan` takes. Public interface; see CONFIG in main/cli/README.md.
import { z } from 'zod';
import { valuesSchema } from '../../preload/contract/values.ts';
import { KantoError } from '../core/model/error.ts';
import type { Value } from '../core/model/value.ts';
import { planTable } from '../store/tables/plans.ts';
import type { PlanSummary } from '../store/tables/plans.ts';
import { planItemTable } from '../store/tables/plan-items.ts';
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
});

export type PlanDocument = z.infer<typeof planDocumentSchema>;

interface Line {
  readonly id: number;
  readonly kind: string;
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

/** Writes out a sealed plan. */
export function planDocument(db: Db, plan: number): PlanDocument {
  const row = planTable(db).find(plan);
  if (!row || row.hash === '') throw new KantoError('unknown-plan', `There is no plan ${plan}.`, 'Make a new plan.', 'ask-user');
  const summary = JSON.parse(row.summary) as PlanSummary;
  const lines = db
    .prepare<[number], Line>(
      `SELECT i.id, kind, would_be AS wouldBe, ${uuidText('r.uuid')} AS record, record IS NOT NULL AS isAbout, endpoint, key, before, after, because, digest
       FROM item i LEFT JOIN record r ON r.id = i.record WHERE plan = ? ORDER BY i.id`,
    )
    .all(plan);
  const parsed = lines.map((line) => ({ ...line, key: JSON.parse(line.key) as string[] }));
  return {
    plan: row.hash,
    sync: row.sync,
    complete: { ...summary.complete },
    operations: parsed.flatMap(({ kind, id, endpoint, record, key: native, before, after, because, digest }) =>
      kind === 'create' || kind === 'update' || kind === 'delete'
        ? [{ id, endpoint, kind, record: record ?? '', key: native, before: JSON.parse(before), after: JSON.parse(after), because, digest }]
        : [],
    ),
    conflicts: parsed.filter((line) => line.kind === 'conflict').map(conflictOf),
    withheld: parsed.flatMap((line) =>
      line.kind === 'withheld' ? [{ endpoint: line.endpoint, kind: line.wouldBe ?? 'delete', key: line.key, why: line.because }] : [],
    ),
    skipped: parsed.flatMap((line) => {
      if (line.kind !== 'skip') return [];
      const field = Object.keys(JSON.parse(line.after) as object)[0];
      return [{ endpoint: line.endpoint, key: line.key, ...(field === undefined ? {} : { field }), why: line.because }];
    }),
  };
}

function conflictOf(line: Pick<Line, 'record' | 'isAbout' | 'before' | 'after' | 'because'>): PlanDocument['conflicts'][number] {
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
    plans.seal(id, document.plan, { complete: document.complete, notices: [], limits: [], counts: items.counts() });
    return id;
  })();
}
