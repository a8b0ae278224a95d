// What can be connected by typing.
import type { Target } from './connect-dialog.tsx';
import { mappingAt, mappingOf } from './draft.ts';
import type { Draft, EndpointMapping, Mapping } from './draft.ts';
import type { Side } from './map-lines.tsx';
import type { Spot } from './use-drag.ts';

/** What a spot can be connected with: columns of both sides for a field, fields for a column. */
export function targetsOf(
  from: Spot,
  mapping: Mapping,
  sides: Readonly<Record<Side, EndpointMapping | undefined>>,
  draft: Draft,
  onConnect: (a: Spot, b: Spot) => void,
): Target[] {
  if (from.side !== 'field') {
    const endpoint = sides[from.side]?.endpoint.name ?? '';
    return mapping.fields.map((field) => ({
      id: field.name,
      label: field.name,
      hint: mappingOf(draft, endpoint, field.name)?.column ?? field.type,
      onChoose: () => onConnect(from, { side: 'field', name: field.name }),
    }));
  }
  return (['left', 'right'] as const).flatMap((side) => {
    const entry = sides[side];
    if (entry === undefined) return [];
    const { name } = entry.endpoint;
    return entry.columns.map((column) => ({
      id: `${name}.${column.name}`,
      label: `${name}.${column.name}`,
      hint: mappingAt(draft, name, column.name)?.field ?? column.type,
      onChoose: () => onConnect(from, { side, name: column.name }),
    }));
  });
}
