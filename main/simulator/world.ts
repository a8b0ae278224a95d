// A world to simulate: places in memory, the real engine on real databases, people, stewards, and the weather that strikes them.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import type { Connector, NativeSet } from '../../connectors/contract.ts';
import { createMemoryConnector } from '../../connectors/memory/connector.ts';
import type { Asked, Faults, PageCall } from '../../connectors/memory/faults.ts';
import { createClock } from './clock.ts';
import type { Clock } from './clock.ts';
import { Desk } from './desk.ts';
import type { Fault } from './faults.ts';
import { Journal } from './journal.ts';
import { Ledger } from './ledger.ts';
import { People } from './people.ts';
import { createPlaces } from './place.ts';
import type { Places } from './place.ts';
import { Removals } from './removals.ts';
import { Stewards } from './stewards.ts';
import { connectorOf, simulatedConfiguration } from './subject.ts';
import type { Subject } from './subject.ts';
import { createTrace } from './trace.ts';
import type { Trace } from './trace.ts';
import { calmWeather } from './weather.ts';
import type { Weather } from './weather.ts';

/** Calls to one place. */
export interface Calls {
  reads: number;
  writes: number;
  refused: number;
}

/** A folder in memory where the system has one: nobody waits for a disk on behalf of what is thrown away. */
const inMemory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Old states of a place that are kept. */
const snapshotsKept = 6;

export class World {
  readonly subject: Subject;
  readonly places: Places;
  readonly clock: Clock = createClock();
  readonly trace: Trace = createTrace();
  readonly ledger: Ledger;
  readonly people: People;
  readonly stewards: Stewards;
  readonly journal: Journal;
  /** The workspaces; the second is a clone of the first. */
  readonly desks: Desk[] = [];
  readonly calls: ReadonlyMap<string, Calls>;
  /** How often each fault struck. */
  readonly struck = new Map<Fault, number>();
  weather: Weather;
  private readonly root: string;
  private readonly registry: ReadonlyMap<string, Connector>;
  private readonly key = { kind: 'raw', hex: randomBytes(32).toString('hex') } as const;
  private readonly earlier = new Map<string, (readonly NativeSet[])[]>();
  private readonly doubts = new Set<string>();
  private readonly renamed = new Map<string, readonly string[]>();
  private current = 0;
  private identifiers = 0;
  private sayings: string[] = [];
  private kept: string | undefined;

  /** `parent`: where its temporary folder is made. */
  constructor(subject: Subject, parent: string = inMemory) {
    this.subject = subject;
    this.places = createPlaces(subject, this.clock.time);
    this.ledger = new Ledger(this.places);
    const databases = () => this.desks.map((desk) => desk.workspace.db);
    const removals = new Removals(this.places);
    this.people = new People(this.places, this.ledger, removals, this.clock, databases);
    this.stewards = new Stewards(this.people, this.ledger, this.clock.now);
    this.journal = new Journal(this.places, removals);
    this.calls = new Map(this.places.all.map(({ name }) => [name, { reads: 0, writes: 0, refused: 0 }]));
    this.weather = calmWeather(this);
    this.registry = this.connectors();
    this.root = mkdtempSync(join(parent, 'kanto-simulation-'));
    const desk = this.openDesk('workspace');
    desk.publish(simulatedConfiguration(subject));
    this.desks.push(desk);
  }

  running(): Desk {
    const desk = this.desks[this.current];
    if (desk === undefined) throw new RangeError('There is no workspace.');
    return desk;
  }

  /** From now on this workspace is the one that works. */
  sitDown(at: number): Desk {
    this.current = at % this.desks.length;
    return this.running();
  }

  /** Something that happened, in words, for the step under way. */
  say(words: string): void {
    this.sayings.push(words);
    this.trace.note('say', words);
  }

  /** What was said since the last time. */
  heard(): string {
    const words = this.sayings.join('; ');
    this.sayings = [];
    return words;
  }

  strike(fault: Fault): void {
    this.struck.set(fault, (this.struck.get(fault) ?? 0) + 1);
  }

  called(place: string, asked: Asked, isRefused: boolean): void {
    this.trace.note('call', place, asked, isRefused);
    this.clock.tick(100);
    const calls = this.calls.get(place);
    if (calls === undefined) return;
    if (asked === 'write') calls.writes += 1;
    else calls.reads += 1;
    if (isRefused) calls.refused += 1;
  }

  /** A page was shown. */
  listed(call: PageCall, rows: readonly NativeSet[]): void {
    this.trace.note('page', call.store, call.index, rows);
    this.journal.listed(call, rows);
  }

  /** The answer of the write that begins now will not come. */
  doubt(place: string): void {
    this.doubts.add(place);
  }

  /** A write took effect. What an unanswered one did must be seen by every later listing: nothing else could tell. */
  written(place: string): void {
    this.journal.written(place);
    if (this.doubts.delete(place)) this.earlier.delete(place);
  }

  snapshots(place: string): readonly (readonly NativeSet[])[] {
    return this.earlier.get(place) ?? [];
  }

  takeSnapshots(): void {
    for (const { name, rows } of this.places.all) this.earlier.set(name, [...this.snapshots(name), [...rows]].slice(-snapshotsKept));
  }

  forgetSnapshots(): void {
    this.earlier.clear();
  }

  /** Keeps a copy of the workspace. */
  keep(): void {
    this.kept = join(this.root, 'kept');
    this.desks[0]?.copyTo(this.kept);
  }

  /** Puts the kept copy back; false where there is none. */
  async restore(): Promise<boolean> {
    const [desk] = this.desks;
    if (this.kept === undefined || desk === undefined) return false;
    await desk.putBack(this.kept);
    this.stewards.forget(desk);
    this.journal.forget(desk);
    this.forgetSnapshots();
    this.ledger.forgetUnkept(this.desks.map((one) => one.workspace.db));
    this.strike('restored-state');
    return true;
  }

  /** Starts a second workspace from a copy of the first; false where there is one already. */
  clone(): boolean {
    if (this.desks.length > 1) return false;
    const desk = this.copy('clone');
    this.desks.push(desk);
    this.stewards.forget(desk);
    this.forgetSnapshots();
    this.strike('cloned-workspace');
    return true;
  }

  /** A workspace of its own that begins as a copy of the one that works. */
  copy(name: string): Desk {
    const folder = join(this.root, name);
    this.running().copyTo(folder);
    return this.openDesk(name);
  }

  /** Renames a column of a place, or gives one back its name. */
  rename(place: string, column: string): boolean {
    const { table } = this.places.named(place);
    const before = this.renamed.get(place);
    if (before !== undefined) {
      table.columns = before;
      this.renamed.delete(place);
      return false;
    }
    this.renamed.set(place, table.columns);
    table.columns = table.columns.map((name) => (name === column ? `${name} (old)` : name));
    this.strike('renamed-columns');
    return true;
  }

  /** Faults stop: columns have their names, clocks are right. */
  calmDown(): void {
    for (const [place, columns] of this.renamed) this.places.named(place).table.columns = columns;
    this.renamed.clear();
    this.clock.skew(0);
    this.weather = calmWeather(this);
  }

  async close(): Promise<void> {
    for (const desk of this.desks) await desk.close();
    rmSync(this.root, { recursive: true, force: true });
  }

  private openDesk(name: string): Desk {
    const { sync } = this.subject;
    const { clock, registry, key } = this;
    const step = (at: Parameters<Weather['step']>[0]) => this.weather.step(at);
    return new Desk(join(this.root, name), { key, sync, registry, now: clock.now, uuid: () => this.uuid(), step });
  }

  /** Identifiers count up, so that the same history gives the same ones. */
  private uuid(): string {
    this.identifiers += 1;
    const text = this.identifiers.toString(16).padStart(12, '0');
    return `00000000-0000-7000-8000-${text}`;
  }

  private connectors(): ReadonlyMap<string, Connector> {
    const faults: Faults = {
      refuses: (call) => this.weather.places.refuses?.(call) ?? false,
      onRead: (call) => this.weather.places.onRead?.(call) ?? [],
      onPage: (call) => this.weather.places.onPage?.(call),
      onLog: (call) => this.weather.places.onLog?.(call),
      onLogRead: (call) => this.weather.places.onLogRead?.(call),
      onWrite: (call) => this.weather.places.onWrite?.(call),
      onWritten: (call) => this.weather.places.onWritten?.(call),
    };
    const { rowsPerPage } = this.subject;
    return new Map(
      this.places.all.map(({ name, facts, store }) => {
        const stores = new Map([[name, store]]);
        const connector = createMemoryConnector({ stores, rowsPerPage, capabilities: facts.capabilities, faults });
        return [
          connectorOf(name),
          { ...connector, open: (config, context) => connector.open(connector.configSchema.parse(config), context) },
        ];
      }),
    );
  }
}
