// One simulated place: a table in memory, seen through the real lenses of its endpoint.
import type { Native, NativeKey, NativeSet } from '../../connectors/contract.ts';
import { createMemoryStore, keyOfRow } from '../../connectors/memory/store.ts';
import type { MemoryStore, MemoryTable } from '../../connectors/memory/store.ts';
import { modifiedLens, toModel } from '../config/model.ts';
import type { EndpointFacts } from '../config/model.ts';
import type { EndpointConfig } from '../config/schema.ts';
import { matchKey } from '../core/mapping/normal.ts';
import type { EndpointModel, FieldLens, SyncModel } from '../core/model/sync.ts';
import type { Value, Values } from '../core/model/value.ts';
import type { PlaceFacts, Subject } from './subject.ts';

export interface Place {
  readonly name: string;
  readonly config: EndpointConfig;
  readonly facts: PlaceFacts;
  readonly model: EndpointModel;
  readonly store: MemoryStore;
  readonly table: MemoryTable;
  /** Its rows in their order; a row that changes is replaced. */
  readonly rows: NativeSet[];
  /** The column that says when a row was changed. */
  readonly modified: FieldLens | undefined;
  /** Fields that the sync reads here, in order. */
  readonly readable: readonly string[];
  /** How far its clock is from the true time, in milliseconds. */
  clockOffset: number;
  /** What the readable cells of the row mean; a cell that cannot be read is left out. */
  read(row: NativeSet): Values;
  key(row: NativeSet): NativeKey;
  /** The unambiguous key of the match fields; null where one is blank. */
  matchKey(row: NativeSet): string | null;
}

export interface Places {
  readonly model: SyncModel;
  readonly all: readonly Place[];
  readonly stores: ReadonlyMap<string, MemoryStore>;
  named(name: string): Place;
}

export function createPlaces({ sync, config, places }: Subject, time: () => number): Places {
  const facts = Object.fromEntries(Object.entries(places).map(([name, one]) => [name, endpointFacts(one)]));
  const model = toModel(sync, config, facts);
  const all = model.endpoints.map((endpoint) => {
    const [known, own] = [places[endpoint.name], config.endpoints[endpoint.name]];
    if (known === undefined || own === undefined) throw new RangeError(`Nothing is known of the place ${endpoint.name}.`);
    return createPlace(model, endpoint, own, known, time);
  });
  return {
    model,
    all,
    stores: new Map(all.map((place) => [place.name, place.store])),
    named(name) {
      const found = all.find((place) => place.name === name);
      if (found === undefined) throw new RangeError(`There is no place ${name}.`);
      return found;
    },
  };
}

function endpointFacts({ tellsNullFromEmpty, maxLengths, capabilities }: PlaceFacts): EndpointFacts {
  return { tellsNullFromEmpty, maxLengths, textual: capabilities.textual ?? false, canWrite: capabilities.write };
}

function createPlace(model: SyncModel, endpoint: EndpointModel, config: EndpointConfig, facts: PlaceFacts, time: () => number): Place {
  const modified = config.modified && modifiedLens(config.modified, endpointFacts(facts));
  // What is read by the time of change has a time of change for our own writes too.
  const stamped = config.changes === 'cursor' ? modified : undefined;
  const timeHere = (): Native => {
    const at = stamped?.write(new Date(time() + place.clockOffset).toISOString());
    return at?.ok === true ? at.native : null;
  };
  const keeps = facts.capabilities.textual === true ? asText : undefined;
  const [own] = facts.primaryKey;
  const assigns = facts.capabilities.assignsKeys && facts.primaryKey.length === 1 ? own : undefined;
  const table: MemoryTable = {
    columns: facts.columns,
    rows: [...facts.rows],
    tellsNullFromEmpty: facts.tellsNullFromEmpty,
    maxLengths: facts.maxLengths,
    ...(assigns === undefined ? {} : { assigns }),
    ...(keeps === undefined ? {} : { keeps }),
    ...(stamped === undefined ? {} : { stamps: { column: stamped.column, at: timeHere } }),
  };
  const readable = Object.entries(endpoint.lenses).flatMap(([field, lens]) => (lens.direction === 'write' ? [] : [field]));
  const read = (row: NativeSet): Values => {
    const values: Record<string, Value> = {};
    for (const field of readable) {
      const lens = endpoint.lenses[field];
      const cell = lens?.read(row[lens.column] ?? null);
      if (cell?.ok === true) values[field] = cell.value;
    }
    return values;
  };
  const keys = new WeakMap<NativeSet, string | null>();
  const place: Place = {
    name: endpoint.name,
    config,
    facts,
    model: endpoint,
    store: createMemoryStore({ [config.dataset]: table }),
    table,
    rows: table.rows,
    modified,
    readable,
    clockOffset: 0,
    read,
    key: (row) => keyOfRow(row, config.key),
    matchKey(row) {
      const known = keys.get(row);
      if (known !== undefined) return known;
      const key = matchKey(model.match, read(row));
      keys.set(row, key);
      return key;
    },
  };
  return place;
}

/** As a file keeps a cell. */
function asText(value: Native): Native {
  return value === null ? '' : value instanceof Uint8Array ? value : String(value);
}

/** A value as the place spells it; undefined where it cannot hold it. */
export function spelled(place: Place, lens: FieldLens, value: Value): Native | undefined {
  const written = lens.write(value);
  if (!written.ok) return undefined;
  return place.table.keeps === undefined ? written.native : place.table.keeps(written.native);
}
