// What a connector's test gives to the conformance suite: a real place with rows, and a way to look at it behind the connector's back.
import type { NativeKey } from '../contract.ts';

/** A row of the suite's dataset; every value is text, whatever type the place stores it in. */
export interface SuiteRow {
  readonly id: string;
  readonly name: string;
  readonly note: string;
}

/** The columns of the dataset that a fixture makes. `id` is the key. */
export const suiteColumns = ['id', 'name', 'note'] as const;

export interface Place<Config> {
  readonly config: Config;
  readonly dataset: string;
  /** What the connector is given for its credentials. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** All rows as another program sees them, in any order. */
  look(): Promise<readonly SuiteRow[]>;
  /** Changes one row as another program would. */
  edit(id: string, changes: Partial<SuiteRow>): Promise<void>;
  /** Adds and removes a row as another program would; where the connector keeps a log of changes. */
  readonly add?: (row: SuiteRow) => Promise<void>;
  readonly remove?: (id: string) => Promise<void>;
  /** Whether another program can now move the whole place away and put it back. */
  isFree(): Promise<boolean>;
  dispose(): Promise<void>;
}

export interface ConnectorFixture<Config> {
  /** Makes a place with these rows inside `folder`, which is empty. */
  create(folder: string, rows: readonly SuiteRow[]): Promise<Place<Config>>;
  /** A value of `note` that the place refuses, by a constraint of its own. */
  readonly refusedNote: string;
  /** How `id` is stored differs from its text, so ids with leading zeros cannot be kept. */
  readonly hasNumericKeys?: boolean;
  /** The system gives new rows keys that nobody can foresee. */
  readonly hasOpaqueKeys?: boolean;
  /** The system keeps its log of changes for itself, whoever follows it. */
  readonly hasLogOfItsOwn?: boolean;
  /** A filter that keeps exactly the row with this id, where the connector filters. */
  readonly filterFor?: (id: string) => string;
  /** Damages the row with this key so that it cannot be read, where that is possible; the rest stays. */
  readonly damage?: (place: Place<Config>, key: NativeKey) => Promise<void>;
}
