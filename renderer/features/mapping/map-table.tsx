// The mapping as a plain table: every field, every endpoint, each with its column, direction, format and how many samples survive.
import type { ReactNode } from 'react';
import { counted } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { Select } from '../../ui/select.tsx';
import { mappingOf } from './draft.ts';
import type { Direction, Draft, EndpointMapping, Mapping } from './draft.ts';
import { chipText } from './formats.ts';
import { orderColumns } from './lines.ts';
import { Survival } from './survival.tsx';
import type { RoundTrip } from './survival.tsx';

export interface MapTableProps {
  readonly mapping: Mapping;
  readonly draft: Draft;
  readonly shown: readonly EndpointMapping[];
  readonly trips: Readonly<Record<string, readonly RoundTrip[] | undefined>>;
  readonly current: string | undefined;
  readonly faulty: string | undefined;
  readonly onSelect: (endpoint: string, field: string) => void;
  /** An empty column unmaps. */
  readonly onColumn: (endpoint: string, field: string, column: string) => void;
  readonly onDirection: (endpoint: string, field: string, direction: Direction) => void;
  readonly onOpen: (endpoint: string, field: string) => void;
}

export function MapTable(props: MapTableProps): ReactNode {
  const { mapping, draft, shown, trips, current, faulty, onSelect, onColumn, onDirection, onOpen } = props;
  return (
    <div className="scroll">
      <table className="table map-table">
        <thead>
          <tr>
            <th scope="col">{mapping.title}</th>
            {shown.flatMap(({ endpoint }) => [
              <th scope="col" key={endpoint.name}>
                {mapping.endpoints.findIndex((other) => other.endpoint.name === endpoint.name) + 1} {endpoint.name}
              </th>,
              <th scope="col" className="hide-s" key={`${endpoint.name} direction`}>
                Direction and format
              </th>,
              <th scope="col" key={`${endpoint.name} survive`}>
                Survive
              </th>,
            ])}
          </tr>
        </thead>
        <tbody>
          {mapping.fields.map((field) => (
            <tr key={field.name} aria-selected={field.name === current}>
              <th scope="row">
                {field.name}
                {field.isMatch ? <Icon name="key" small label="rows match by it" /> : null}
                {faulty === field.name ? <Icon name="failed" small label="refused" className="failed" /> : null}
                <span className="xs t3"> {field.type}</span>
              </th>
              {shown.flatMap((entry) => {
                const { name, writes } = entry.endpoint;
                const own = mappingOf(draft, name, field.name);
                return [
                  <td key={`${name} column`} onFocus={() => onSelect(name, field.name)}>
                    <Select
                      quiet
                      label={`Column of ${field.name} at ${name}`}
                      value={own?.column ?? ''}
                      onChange={(column) => onColumn(name, field.name, column)}
                      options={[
                        { value: '', label: 'not mapped' },
                        ...entry.columns.map((column) => ({ value: column.name, label: column.name })),
                      ]}
                    />
                  </td>,
                  <td key={`${name} direction`} className="hide-s" onFocus={() => onSelect(name, field.name)}>
                    {own === undefined ? null : (
                      <span className="row">
                        <Select
                          quiet
                          label={`Direction of ${field.name} at ${name}`}
                          value={own.direction}
                          onChange={(value) => onDirection(name, field.name, value === 'read' || value === 'write' ? value : 'both')}
                          options={directions(writes)}
                        />
                        <button type="button" className="btn btn--quiet btn--sm map-table__format" onClick={() => onOpen(name, field.name)}>
                          <span className="clip">{chipText(own) === '' ? 'as it is' : chipText(own)}</span>
                        </button>
                      </span>
                    )}
                  </td>,
                  <td key={`${name} survive`}>
                    <Survival mapping={own} trips={trips[name]} />
                  </td>,
                ];
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {shown.map((entry) => {
        const own = draft[entry.endpoint.name] ?? [];
        const free = orderColumns(entry.columns, own).slice(own.length);
        return free.length === 0 ? null : (
          <p className="map-table__free sm t2" key={entry.endpoint.name}>
            <b className="med">
              {counted(free.length, 'column')} of {entry.endpoint.name} not mapped:
            </b>{' '}
            <span className="v">{free.map((column) => column.name).join(', ')}</span>
          </p>
        );
      })}
    </div>
  );
}

/** Directions that an endpoint can have. */
export function directions(writes: boolean): readonly { readonly value: string; readonly label: string }[] {
  const all = [
    { value: 'both', label: 'read and write' },
    { value: 'read', label: 'read only' },
    { value: 'write', label: 'write only' },
  ];
  return writes ? all : all.filter((option) => option.value === 'read');
}
