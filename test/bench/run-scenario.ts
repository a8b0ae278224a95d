// Carries out one scenario: lays out its files, measures the yardsticks and the run beside each other, checks the result.
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { diverged, type Dataset } from '../data/diverged/dataset.ts';
import { nothing } from '../data/diverged/cases.ts';
import { truthOf } from '../data/diverged/truth.ts';
import { checkRun, type Checked } from './check-run.ts';
import type { SyncOptions } from './configuration.ts';
import { measureRun, type RunMeasure } from './measure-run.ts';
import { measureYardstick, type YardstickResult } from './measure-yardstick.ts';
import { configure, copyFolder, diverge, placeIn, stateBytes, syncOnce, writeAgreed, type Place } from './place.ts';
import { sidesOf, type Scenario } from './scenario.ts';
import type { YardstickName } from './yardsticks/index.ts';

export interface BenchSetting {
  /** Rows a side. */
  readonly rows: number;
  readonly seed: number;
  /** A folder of the benchmark's own. */
  readonly folder: string;
  readonly tools: string | undefined;
  readonly profile: string | undefined;
  readonly withYardsticks: boolean;
  /** Also runs once more after each run, which must find nothing to do. */
  readonly isThorough: boolean;
  readonly say: (text: string) => void;
}

export interface ScenarioResult {
  readonly scenario: Scenario;
  readonly rows: number;
  readonly measure: RunMeasure;
  readonly checked: Checked;
  readonly stateBytes: number;
  readonly yardsticks: Readonly<Partial<Record<YardstickName, YardstickResult>>>;
}

export async function runScenario(setting: BenchSetting, scenario: Scenario): Promise<ScenarioResult> {
  const dataset = datasetOf(setting, scenario);
  const options = optionsOf(scenario, dataset);
  const place = await layOut(setting, scenario, dataset, options);
  const yardsticks: Partial<Record<YardstickName, YardstickResult>> = {};
  if (setting.withYardsticks) {
    for (const name of scenario.yardsticks) {
      setting.say(`${scenario.name}: yardstick ${name}`);
      yardsticks[name] = await measureYardstick(name, dataset, place, setting);
    }
  }
  setting.say(`${scenario.name}: the run`);
  const { full = false, trouble, attempts = 1 } = scenario;
  const measure = await measureRun({
    workspace: place.workspace,
    full,
    attempts,
    again: setting.isThorough,
    ...(trouble === undefined ? {} : { trouble }),
    ...(setting.profile === undefined ? {} : { profile: join(setting.profile, scenario.name) }),
  });
  setting.say(`${scenario.name}: checking the result`);
  const checked = await checkRun(dataset, place, measure, trouble === undefined || trouble.faultShare === 0);
  const bytes = stateBytes(place);
  rmSync(place.folder, { recursive: true, force: true });
  return { scenario, rows: dataset.rows, measure, checked, stateBytes: bytes, yardsticks };
}

function datasetOf(setting: BenchSetting, scenario: Scenario): Dataset {
  const { shape = 'customers', rule = 'merge', mix, rows = (all) => all } = scenario;
  const sides = sidesOf(scenario);
  const empty = scenario.start === 'empty' ? { empty: sides.slice(1) } : {};
  return diverged({ rows: rows(setting.rows), seed: setting.seed, shape, rule, mix, sides, ...empty });
}

/** With a number of requests wanted, requests are as small as it takes. */
function optionsOf({ stores, isIncremental = false, requests }: Scenario, dataset: Dataset): SyncOptions {
  if (requests === undefined) return { stores, isIncremental };
  const { created, updated, deleted } = truthOf(dataset).writes.b;
  return { stores, isIncremental, batch: Math.max(1, Math.ceil((created + updated + deleted) / requests)) };
}

async function layOut(setting: BenchSetting, scenario: Scenario, dataset: Dataset, options: SyncOptions): Promise<Place> {
  const { start, isUntimed = false } = scenario;
  if (start !== 'synced') {
    setting.say(`${scenario.name}: writing the sides`);
    const place = placeIn(join(setting.folder, 'places', scenario.name), options);
    writeAgreed(place, dataset, options);
    if (start === 'forgotten') diverge(place, dataset);
    await configure(place, dataset, options);
    return place;
  }
  const place = await restoreSynced(setting, scenario, dataset, options);
  diverge(place, dataset, !isUntimed);
  if (options.batch !== undefined || dataset.rule !== 'merge') await configure(place, dataset, options);
  return place;
}

/** The sides in step with each other, as a first sync left them; it is done once for all scenarios that begin there. */
async function restoreSynced(setting: BenchSetting, scenario: Scenario, dataset: Dataset, options: SyncOptions): Promise<Place> {
  const plain: SyncOptions = { stores: options.stores, isIncremental: options.isIncremental ?? false };
  const calm = diverged({
    rows: dataset.rows,
    seed: dataset.seed,
    shape: dataset.shape,
    rule: 'merge',
    mix: nothing,
    sides: dataset.sides,
  });
  const stores = dataset.sides.map((side) => options.stores[side]).join('-');
  const key = `${dataset.shape}-${dataset.rows}-${stores}${plain.isIncremental === true ? '-cursor' : ''}`;
  const place = placeIn(join(setting.folder, 'places', key), plain);
  const kept = join(setting.folder, 'synced', key);
  if (existsSync(kept)) {
    setting.say(`${scenario.name}: bringing back the synced sides`);
    copyFolder(kept, place.folder);
    return place;
  }
  setting.say(`${scenario.name}: writing the sides and syncing them first`);
  writeAgreed(place, calm, plain);
  await configure(place, calm, plain);
  await syncOnce(place);
  mkdirSync(join(setting.folder, 'synced'), { recursive: true });
  copyFolder(place.folder, kept);
  return place;
}
