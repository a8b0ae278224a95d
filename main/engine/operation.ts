// One planned operation in the form in which a connector takes it.
import type { Native, WriteOperation } from '../../connectors/contract.ts';
import type { Value, Values } from '../core/model/value.ts';
import type { OperationRow } from '../store/tables/plan-items.ts';
import { shows } from './native-row.ts';
import type { EndpointContext } from './sync-context.ts';

export function toOperation(endpoint: EndpointContext, row: OperationRow): WriteOperation {
  const set = cellsOf(endpoint, row);
  const key = JSON.parse(row.key) as string[];
  if (row.kind === 'create') return { id: row.id, kind: 'create', set, ...(key.length === 0 ? {} : { key }) };
  const before = JSON.parse(row.before) as Values;
  return {
    id: row.id,
    kind: row.kind,
    key,
    set,
    expects: (current) => shows(endpoint.model, endpoint.readers, current, before),
  };
}

/** Native values by column. The plan holds no value that cannot be written. */
function cellsOf(endpoint: EndpointContext, row: OperationRow): Record<string, Native> {
  const set: Record<string, Native> = {};
  for (const [field, value] of Object.entries(JSON.parse(row.after) as Record<string, Value>)) {
    const lens = endpoint.model.lenses[field];
    const written = lens?.write(value);
    if (lens && written?.ok) set[lens.column] = written.native;
  }
  return set;
}

/** The same as text, as it is kept and shown. */
export function shownCells(endpoint: EndpointContext, row: OperationRow): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(cellsOf(endpoint, row)).map(([column, native]) => [column, native === null ? null : String(native)]),
  );
}
