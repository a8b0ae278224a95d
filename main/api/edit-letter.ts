// A person's edit of a value that a place refuses: stored as a decision on the field, which the next run carries to all places.
import { fieldType } from '../config/field-type.ts';
import { parseCanonical } from '../core/mapping/canonical.ts';
import { KantoError } from '../core/model/error.ts';
import type { Value, Values } from '../core/model/value.ts';
import type { Workspace } from '../engine/workspace.ts';
import { decisionTable } from '../store/tables/queries/decisions.ts';
import type { LetterRow } from '../store/tables/queries/letter-queue.ts';
import { recordViewTable } from '../store/tables/queries/record-view.ts';

/** Throws `invalid-input` where the value does not fit the field, `not-now` where the field is contested. */
export function editLetter(workspace: Workspace, letter: LetterRow, name: string, input: unknown): void {
  const config = workspace.configuration().body.syncs[letter.sync]?.record.fields[name];
  if (config === undefined || letter.kind === 'delete') {
    throw new KantoError('invalid-input', `There is no field ${name} to edit here.`, 'Look at the dead letter again.', 'ask-user');
  }
  const read = parseCanonical(fieldType(config), input);
  if (!read.ok) {
    throw new KantoError('invalid-input', `${name}: ${read.why}`, 'Enter the value in the form that the field has.', 'ask-user');
  }
  const shown = shownAt(workspace, letter, name);
  const stored = workspace.db.transaction(() =>
    decisionTable(workspace.db).decideAhead({
      sync: letter.sync,
      record: letter.record,
      label: letter.label,
      field: name,
      base: shown.golden,
      candidates: { [shown.endpoint]: { value: shown.value } },
      choice: { value: read.value, by: workspace.user, seen: { [shown.endpoint]: shown.value } },
      at: workspace.now(),
    }),
  )();
  if (stored) return;
  throw new KantoError(
    'not-now',
    `${name} of ${letter.label} is contested.`,
    'Decide it in the list of conflicts; the next run then writes what you decided.',
    'ask-user',
  );
}

/** What the place of the letter shows of the field, or where the record has no row there, the first place that has one. */
function shownAt(
  { db }: Workspace,
  letter: LetterRow,
  field: string,
): { readonly endpoint: string; readonly value: Value; readonly golden: Value } {
  const records = recordViewTable(db);
  const golden: Values = records.golden(letter.record) ?? {};
  const links = records.links(letter.record).filter((link) => link.status === 'live');
  const link = links.find((one) => one.endpoint === letter.endpoint) ?? links[0];
  if (link === undefined) {
    throw new KantoError(
      'not-now',
      `${letter.label} has no row anywhere any more.`,
      'Run the sync; it settles the dead letter.',
      'ask-user',
    );
  }
  const agreed = golden[field] ?? null;
  const shadow = link.shadow === null ? undefined : (JSON.parse(link.shadow) as Values)[field];
  return { endpoint: link.endpoint, value: shadow ?? agreed, golden: agreed };
}
