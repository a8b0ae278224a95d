// Closes an operation: what the endpoint now holds becomes the shadow, in the transaction that marks the operation done.
import type { NativeRow, WriteResult } from '../../connectors/contract.ts';
import { equalValues } from '../core/model/value.ts';
import type { Value, Values } from '../core/model/value.ts';
import { acknowledgeTable } from '../store/tables/acknowledge.ts';
import { deadLetterTable } from '../store/tables/dead-letters.ts';
import { goldenText } from '../store/tables/golden.ts';
import { linkTable } from '../store/tables/links.ts';
import { planItemTable } from '../store/tables/plan-items.ts';
import type { OperationRow } from '../store/tables/plan-items.ts';
import { showsImage } from './decided-record.ts';
import { keepLetter } from './dead-letters.ts';
import { toProblem } from './errors.ts';
import { matchHash, rowHash } from './hash53.ts';
import { imageOf, readRow, shows } from './native-row.ts';
import { shownCells } from './operation.ts';
import type { RunningTask } from './running-task.ts';
import type { EndpointContext } from './sync-context.ts';

/** Stores one result; whether the row now holds what was written. Call inside a transaction. */
export function createAcknowledger(task: RunningTask, endpoint: EndpointContext): (row: OperationRow, result: WriteResult) => boolean {
  const items = planItemTable(task.db, task.plan);
  const links = linkTable(task.db);
  const table = acknowledgeTable(task.db);
  const unpack = goldenText(task.db).unpacker();
  const { match } = task.sync.model;
  const id = endpoint.row.id;

  const letters = deadLetterTable(task.db);

  const done = (row: OperationRow, key: string, native: NativeRow | undefined): boolean => {
    items.setDone(row.id, task.now(), row.kind === 'delete' ? row.key : key);
    letters.settle(row.record, endpoint.model.name, task.now());
    if (row.kind === 'delete') links.drop(id, row.key);
    else if (row.golden !== null) link(row, unpack(row.golden), key, native);
    return (
      row.kind === 'delete' || native === undefined || shows(endpoint.model, endpoint.readers, native, JSON.parse(row.after) as Values)
    );
  };
  const link = (row: OperationRow, golden: Values, key: string, native: NativeRow | undefined) => {
    const written = JSON.parse(row.after) as Values;
    const shadow: Record<string, Value> = { ...(row.kind === 'create' ? {} : shadowBefore(row, golden)) };
    const shown = native ? readRow(endpoint.readers, native).values : written;
    for (const field of Object.keys(written)) shadow[field] = written[field] ?? null;
    // What somebody else changed at the same moment, and what the place made of the value, is not ours to acknowledge: the next read must see it.
    const whole = native !== undefined && Object.entries(shown).every(([field, value]) => equalValues(shadow[field], value));
    const isImage = showsImage(endpoint, golden, shadow);
    const shownHash = isImage ? null : matchHash(match, shadow);
    table.link({
      endpoint: id,
      key,
      record: row.record,
      shadow: isImage ? null : JSON.stringify(shadow),
      shownHash: shownHash === matchHash(match, golden) ? null : shownHash,
      hash: whole && native ? rowHash(native, endpoint.hashed.length) : null,
      version: endpoint.row.version,
    });
  };
  const shadowBefore = (row: OperationRow, golden: Values): Values => {
    const stored = table.shadow(id, row.key);
    return stored === undefined || stored === null ? imageOf(endpoint.model, golden) : (JSON.parse(stored) as Values);
  };

  return (row, result) => {
    switch (result.status) {
      case 'done':
        return done(row, JSON.stringify(result.key), result.row);
      case 'moved':
        if (alreadyThere(endpoint, row, result.row)) return done(row, row.key, result.row);
        items.setState(row.id, 'moved', task.now(), null);
        links.forget(id, row.key);
        return false;
      case 'failed':
        items.setState(row.id, 'failed', task.now(), JSON.stringify(toProblem(result.error)));
        keepLetter(task, endpoint, row, shownCells(endpoint, row), result.error);
        task.log('error', `${endpoint.model.name} ${JSON.parse(row.key).join(', ')}: ${result.error.message} ${result.error.remedy}`);
        return false;
    }
  };
}

/** The write took effect earlier and only its answer was lost. */
function alreadyThere(endpoint: EndpointContext, row: OperationRow, current: NativeRow | undefined): boolean {
  if (row.kind === 'delete') return current === undefined;
  return current !== undefined && shows(endpoint.model, endpoint.readers, current, JSON.parse(row.after) as Values);
}
