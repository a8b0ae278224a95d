// The mapping as lines: the record's fields in the middle, an endpoint's columns on either side, curves between.
// oxlint-disable jsx-a11y/prefer-tag-over-role -- a select cannot hold two lines an option and the ends of the lines
import { useRef } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import type { RoundTrip } from './survival.tsx';
import { Survival } from './survival.tsx';
import { connectorIcon } from '../../shell/words.ts';
import { count, counted } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { Select } from '../../ui/select.tsx';
import { Value } from '../../ui/value.tsx';
import { mappingAt, mappingOf } from './draft.ts';
import type { Draft, EndpointMapping, Mapping } from './draft.ts';
import { Gutter } from './gutter.tsx';
import { curve, orderColumns, ROW_PX } from './lines.ts';
import { useDrag } from './use-drag.ts';
import type { Spot } from './use-drag.ts';

export type Side = 'left' | 'right';

export interface MapLinesProps {
  readonly mapping: Mapping;
  readonly draft: Draft;
  readonly sides: Readonly<Record<Side, EndpointMapping | undefined>>;
  readonly trips: Readonly<Record<Side, readonly RoundTrip[] | undefined>>;
  readonly selected: Spot | undefined;
  /** The field whose mapping a refusal named. */
  readonly faulty: string | undefined;
  readonly onSelect: (spot: Spot) => void;
  readonly onConnect: (a: Spot, b: Spot) => void;
  readonly onDirection: (side: Side, field: string) => void;
  readonly onOpen: (side: Side, field: string) => void;
  readonly onEndpoint: (side: Side, name: string) => void;
}

/** The field that a spot stands for, if it is mapped. */
export function fieldOf(spot: Spot | undefined, draft: Draft, sides: MapLinesProps['sides']): string | undefined {
  if (spot === undefined || spot.side === 'field') return spot?.name;
  const endpoint = sides[spot.side]?.endpoint.name;
  return endpoint === undefined ? undefined : mappingAt(draft, endpoint, spot.name)?.field;
}

export function MapLines(props: MapLinesProps): ReactNode {
  const { mapping, draft, sides, trips, selected, faulty, onSelect, onConnect, onDirection, onOpen } = props;
  const map = useRef<HTMLDivElement>(null);
  const { drag, start } = useDrag(map, onConnect);
  const fields = mapping.fields.map((field) => field.name);
  const current = fieldOf(selected, draft, sides);
  const columnsOf = (side: Side) => {
    const entry = sides[side];
    return entry === undefined ? [] : orderColumns(entry.columns, draft[entry.endpoint.name] ?? []);
  };
  const lists = {
    left: columnsOf('left').map((column) => column.name),
    field: fields,
    right: columnsOf('right').map((column) => column.name),
  };
  const height = Math.max(lists.left.length, fields.length, lists.right.length) * ROW_PX;

  /** Arrows: up and down in a list, left and right along the line to the next one. */
  const onKey =
    (side: Spot['side']) =>
    (event: KeyboardEvent<HTMLElement>): void => {
      const at = selected?.side === side ? lists[side].indexOf(selected.name) : -1;
      const across = (to: Spot['side']): void => {
        const entry = to === 'field' ? undefined : sides[to];
        const name =
          to === 'field'
            ? current
            : entry === undefined || current === undefined
              ? undefined
              : mappingOf(draft, entry.endpoint.name, current)?.column;
        const next = name ?? lists[to][Math.min(Math.max(0, at), lists[to].length - 1)];
        if (next === undefined) return;
        onSelect({ side: to, name: next });
        map.current?.querySelector<HTMLElement>(`[data-list="${to}"]`)?.focus();
      };
      const down = (by: number): void => {
        const next = lists[side][Math.max(0, Math.min(lists[side].length - 1, at + by))];
        if (next !== undefined) onSelect({ side, name: next });
      };
      switch (event.key) {
        case 'ArrowDown':
          down(1);
          break;
        case 'ArrowUp':
          down(-1);
          break;
        case 'ArrowRight':
          if (side !== 'right') across(side === 'left' ? 'field' : 'right');
          break;
        case 'ArrowLeft':
          if (side !== 'left') across(side === 'right' ? 'field' : 'left');
          break;
        default:
          return;
      }
      event.preventDefault();
    };
  const list = (side: Spot['side'], label: string, rows: ReactNode): ReactNode => (
    <div
      className="map__list"
      role="listbox"
      aria-label={label}
      data-list={side}
      data-pane={side}
      tabIndex={0}
      {...(selected?.side === side ? { 'aria-activedescendant': `map-${side}-${selected.name}` } : {})}
      onKeyDown={onKey(side)}
      onFocus={() => {
        const first = lists[side][0];
        if (selected?.side !== side && first !== undefined) onSelect({ side, name: nameFor(side) ?? first });
      }}
    >
      {rows}
    </div>
  );
  const nameFor = (side: Spot['side']): string | undefined => {
    if (side === 'field') return current;
    const endpoint = sides[side]?.endpoint.name;
    return endpoint === undefined || current === undefined ? undefined : mappingOf(draft, endpoint, current)?.column;
  };
  const rowProps = (spot: Spot, isOn: boolean, isOff: boolean) => ({
    id: `map-${spot.side}-${spot.name}`,
    role: 'option' as const,
    'aria-selected': selected?.side === spot.side && selected.name === spot.name,
    'data-spot': spot.name,
    'data-side': spot.side,
    className: [
      'map__row',
      isOn ? 'on' : '',
      isOff ? 'off' : '',
      drag?.over?.side === spot.side && drag.over.name === spot.name ? 'target' : '',
      selected?.side === spot.side && selected.name === spot.name ? 'at' : '',
    ]
      .filter((part) => part !== '')
      .join(' '),
    onPointerDown: (event: React.PointerEvent<HTMLElement>) => start(spot, event),
    onClick: () => onSelect(spot),
  });
  const column = (side: Side): ReactNode => {
    const entry = sides[side];
    if (entry === undefined) return <div className={`map__col map__col--${side}`} />;
    const { name } = entry.endpoint;
    return (
      <div className={`map__col map__col--${side}`}>
        <EndpointHead side={side} mapping={mapping} entry={entry} onEndpoint={props.onEndpoint} />
        {list(
          side,
          `Columns of ${name}`,
          columnsOf(side).map((info) => {
            const mapped = mappingAt(draft, name, info.name);
            return (
              <div
                key={info.name}
                {...rowProps({ side, name: info.name }, mapped !== undefined && mapped.field === current, mapped === undefined)}
              >
                <span className="map__name">
                  <b className="clip">{info.name}</b>
                  {info.isKey ? <Icon name="key" small label="key" /> : null}
                  <span className="map__type">{mapped === undefined ? (info.isKey ? `${info.type}, key` : 'not mapped') : info.type}</span>
                </span>
                <span className="map__sample clip">{info.sample === null ? <Value value={null} /> : <Value value={info.sample} />}</span>
                <i className="map__port" />
              </div>
            );
          }),
        )}
      </div>
    );
  };
  const gutter = (side: Side): ReactNode => {
    const entry = sides[side];
    if (entry === undefined) return <div className={`map__gutter map__gutter--${side}`} />;
    return (
      <Gutter
        side={side}
        height={height}
        columns={lists[side]}
        fields={fields}
        mappings={draft[entry.endpoint.name] ?? []}
        trips={trips[side]}
        current={current}
        onDirection={(field) => onDirection(side, field)}
        onOpen={(field) => onOpen(side, field)}
      />
    );
  };
  const total = trips.left?.[0]?.total ?? trips.right?.[0]?.total;
  return (
    <div className="scroll map__scroll">
      <div className={drag === undefined ? 'map' : 'map map--dragging'} ref={map}>
        {column('left')}
        {gutter('left')}
        <div className="map__col map__col--mid">
          <div className="map__head map__head--mid">
            <small title="sample rows that survive">{total === undefined ? '' : `of ${count(total)}`}</small>
            <span>
              <b className="strong">{mapping.title}</b>
              <small>
                {counted(mapping.fields.length, 'field')} · {counted(mapping.records, 'record')}
              </small>
            </span>
            <small>{total === undefined ? '' : `of ${count(total)}`}</small>
          </div>
          {list(
            'field',
            'Fields of the record',
            mapping.fields.map((field) => (
              <div
                key={field.name}
                {...rowProps(
                  { side: 'field', name: field.name },
                  field.name === current,
                  !Object.values(draft).some((own) => own.some((entry) => entry.field === field.name)),
                )}
              >
                <span className="map__trip">
                  <Survival
                    mapping={sides.left === undefined ? undefined : mappingOf(draft, sides.left.endpoint.name, field.name)}
                    trips={trips.left}
                  />
                </span>
                <span className="map__field">
                  <span className="map__name">
                    <b className="clip">{field.name}</b>
                    {field.isMatch ? <Icon name="key" small label="rows match by it" /> : null}
                    {faulty === field.name ? <Icon name="failed" small label="refused" className="failed" /> : null}
                    <span className="map__type">{field.type}</span>
                  </span>
                  <span className="map__sample clip">
                    {field.sample === null ? <Value value={null} /> : <Value value={field.sample} />}
                  </span>
                </span>
                <span className="map__trip map__trip--right">
                  <Survival
                    mapping={sides.right === undefined ? undefined : mappingOf(draft, sides.right.endpoint.name, field.name)}
                    trips={trips.right}
                  />
                </span>
              </div>
            )),
          )}
        </div>
        {gutter('right')}
        {column('right')}
        {drag === undefined ? null : (
          <svg className="map__drag" aria-hidden="true">
            <path d={curve(drag.x, drag.y, drag.toX, drag.toY)} className={drag.over === undefined ? '' : 'on'} />
          </svg>
        )}
      </div>
    </div>
  );
}

interface EndpointHeadProps {
  readonly side: Side;
  readonly mapping: Mapping;
  readonly entry: EndpointMapping;
  readonly onEndpoint: (side: Side, name: string) => void;
}

function EndpointHead({ side, mapping, entry, onEndpoint }: EndpointHeadProps): ReactNode {
  const { endpoint } = entry;
  const number = mapping.endpoints.findIndex((other) => other.endpoint.name === endpoint.name) + 1;
  const words = [endpoint.connector, endpoint.dataset, ...(endpoint.rows === undefined ? [] : [count(endpoint.rows)])].join(' · ');
  return (
    <div className="map__head" title={entry.detected.join(', ')}>
      <Icon name={connectorIcon(endpoint.connector)} />
      <span className="grow clip">
        {mapping.endpoints.length > 2 ? (
          <Select
            quiet
            label={`Endpoint at the ${side}`}
            value={endpoint.name}
            onChange={(name) => onEndpoint(side, name)}
            options={mapping.endpoints.map((other, index) => ({
              value: other.endpoint.name,
              label: `${index + 1} ${other.endpoint.name}`,
            }))}
          />
        ) : (
          <b className="strong">
            {number} {endpoint.name}
          </b>
        )}
        <small className="clip">{words}</small>
      </span>
    </div>
  );
}
