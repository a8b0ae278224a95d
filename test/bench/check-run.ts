// Says what is wrong with a run: how it ended, what it counted, what it asks, and what the sides hold afterwards.
import type { Dataset } from '../data/diverged/dataset.ts';
import { truthOf } from '../data/diverged/truth.ts';
import { checkContent } from './check-content.ts';
import type { RunMeasure } from './measure-run.ts';
import type { Place } from './place.ts';

export interface Checked {
  /** Nothing: the result is right. */
  readonly wrong: readonly string[];
  /** What was done, in words. */
  readonly done: string;
  /** Bytes of the agreed records as CSV. */
  readonly csvBytes: number;
}

export async function checkRun(dataset: Dataset, place: Place, measure: RunMeasure, isCounted: boolean): Promise<Checked> {
  const wrong: string[] = [];
  const expect = (what: string, found: number | string, wanted: number | string) => {
    if (found !== wanted) wrong.push(`${what}: ${found}, not ${wanted}`);
  };
  const truth = truthOf(dataset);
  expect('status', measure.problem === undefined ? measure.status : `${measure.status} (${measure.problem})`, 'complete');
  const totals = { created: 0, updated: 0, deleted: 0 };
  for (const side of dataset.sides) {
    const counts = measure.byEndpoint[side];
    for (const kind of ['created', 'updated', 'deleted'] as const) {
      totals[kind] += counts?.[kind] ?? 0;
      if (isCounted) expect(`${kind} at ${side}`, counts?.[kind] ?? 0, truth.writes[side][kind]);
    }
    for (const kind of ['failed', 'withheld', 'skipped'] as const) expect(`${kind} at ${side}`, counts?.[kind] ?? 0, 0);
  }
  const open = (kind: string) => measure.conflicts.filter((conflict) => conflict.kind === kind).length;
  expect('rows with conflicts', open('fields'), truth.conflicts);
  const byField: Record<string, number> = {};
  for (const field of measure.conflicts.flatMap((conflict) => (conflict.kind === 'fields' ? conflict.fields : []))) {
    byField[field] = (byField[field] ?? 0) + 1;
  }
  for (const { name } of dataset.columns) expect(`conflicts about ${name}`, byField[name] ?? 0, truth.byField[name] ?? 0);
  expect('questions about deleted rows', open('presence'), truth.questions);
  expect('questions about matches', open('match'), 0);
  if (measure.again !== undefined) expect('operations of a further run', measure.again.operations, 0);
  if (measure.again !== undefined) expect('open questions after a further run', measure.again.conflicts, measure.conflicts.length);
  let csvBytes = 0;
  for (const side of dataset.sides) {
    const report = await checkContent(dataset, side, place.path(side), place.store(side));
    expect(`wrong rows at ${side}`, report.wrongCount, 0);
    wrong.push(...report.wrong);
    csvBytes = Math.max(csvBytes, report.csvBytes);
  }
  const number = (value: number) => value.toLocaleString('en');
  const writes = `${number(totals.created)} created, ${number(totals.updated)} updated, ${number(totals.deleted)} deleted`;
  const questions = `${number(open('fields'))} conflicts, ${number(open('presence'))} update/delete`;
  return { wrong, done: measure.conflicts.length === 0 ? writes : `${writes}, ${questions}`, csvBytes };
}
