// An open workspace: the one place through which windows, the command line and tests use the engine.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Connection, Connector, LoginOptions } from '../../connectors/contract.ts';
import { createRegistry } from '../../connectors/registry.ts';
import type { WorkspaceKey } from '../../preload/contract/engine-protocol.ts';
import { loadFolder } from '../config/load.ts';
import { keepConnections } from '../config/relocate.ts';
import { installSample } from '../config/sample.ts';
import type { ConnectionConfig, Configuration } from '../config/schema.ts';
import { KantoError } from '../core/model/error.ts';
import type { SyncModel } from '../core/model/sync.ts';
import { createKey, openKey } from '../store/key-ring.ts';
import { openDatabase } from '../store/open.ts';
import type { Db } from '../store/open.ts';
import { connectionStateTable } from '../store/tables/connection-state.ts';
import { planTable } from '../store/tables/plans.ts';
import type { PlanSummary } from '../store/tables/plans.ts';
import { revisionTable } from '../store/tables/revisions.ts';
import { giveUpReserve, keepReserve } from '../store/reserve.ts';
import { runStateTable } from '../store/tables/run-state.ts';
import type { RunOptions } from '../store/tables/run-state.ts';
import { openScratch, reopenScratch } from '../store/scratch-file.ts';
import { makePlan } from './make-plan.ts';
import { createGates } from './gates.ts';
import { usualPatience } from './patience.ts';
import type { Patience } from './patience.ts';
import { silentClock } from './phases.ts';
import { adoptPlan, planDocument } from './plan-document.ts';
import type { PlanDocument } from './plan-document.ts';
import type { PlanRequest, Report } from './planning-task.ts';
import { createProgressBoard } from './progress.ts';
import type { ProgressBoard } from './progress.ts';
import { publish } from './publish.ts';
import { fullDisk, isFullDisk } from './errors.ts';
import { login } from './login.ts';
import { executeRun } from './run.ts';
import type { Step } from './running-task.ts';
import { endAbandonedLogs } from './abandoned-logs.ts';
import { createVault, openSecrets } from './secrets.ts';
import type { Vault } from './secrets.ts';
import { connectionFiles, openConnection, openSync, unknownSync, openDraft } from './sync-context.ts';
import type { EngineEnvironment, SyncContext } from './sync-context.ts';
import { createUuid7 } from './uuid7.ts';
import { sweep } from './sweep.ts';
import { makeUndoPlan, undoableRun } from './undo-plan.ts';
import { audit } from './audit.ts';
import type { AuditReport } from './audit.ts';
import { verificationTable } from '../store/tables/verifications.ts';
import type { VerificationRow } from '../store/tables/verifications.ts';
import { verify } from './verify.ts';
import type { VerifyReport } from './verify.ts';

export interface WorkspaceOptions {
  readonly folder: string;
  readonly create: boolean;
  readonly key: WorkspaceKey;
  /** The finished sample company, for `installSample`. */
  readonly sampleFolder?: string;
  /** For tests: the clock, the connectors, and a hook at every moment at which a kill must do no harm. */
  readonly now?: () => number;
  readonly uuid?: () => string;
  readonly registry?: ReadonlyMap<string, Connector>;
  readonly step?: (step: Step) => void;
  readonly patience?: Patience;
}

export interface ConfigurationInForce {
  readonly revision: number;
  readonly at: number;
  readonly body: Configuration;
}

export interface Workspace extends AsyncDisposable {
  readonly db: Db;
  readonly folder: string;
  /** Under whose name decisions and revisions are kept. */
  readonly user: string;
  readonly registry: ReadonlyMap<string, Connector>;
  readonly progress: ProgressBoard;
  now(): number;
  uuid(): string;
  configuration(): ConfigurationInForce;
  /** Makes a configuration the new revision; its number. */
  publish(configuration: Configuration, what: string): number;
  /** Reads, checks and publishes a folder of configuration files. */
  applyFolder(folder: string): Promise<number>;
  /** Copies the sample company into the workspace and publishes its configuration. */
  installSample(): Promise<{ readonly revision: number; readonly sync: string }>;
  /** For a person who waits: what fails is not tried again. */
  connect(connection: string): Promise<Connection>;
  /** Opens a connection that is not part of the configuration, with secrets that are kept nowhere. */
  connectDraft(config: ConnectionConfig, secrets: Readonly<Record<string, string>>): Promise<Connection>;
  readonly vault: Vault;
  /** Ends the logs of changes that no sync follows any more; sentences about those that could not be ended now. `leave`: forgets these. */
  endLogs(options?: { readonly leave?: boolean }): Promise<readonly string[]>;
  /** Lets a person sign in and keeps what comes of it; the names of the secrets. */
  login(connection: string, options: LoginOptions): Promise<readonly string[]>;
  /** The files behind a connection, where it reads files of this computer. */
  filesOf(connection: string): readonly string[];
  /** The model of a sync; its endpoints are asked for their schema. */
  model(sync: string): Promise<SyncModel>;
  /** Reads, decides, stores a plan and writes nothing; its number. */
  makePlan(sync: string, options: { readonly full?: boolean; readonly signal?: AbortSignal }): Promise<number>;
  /** Makes the plan that undoes a finished run; its number. Throws `not-now` where the run cannot be undone. */
  makeUndoPlan(run: number, options: { readonly signal?: AbortSignal }): Promise<number>;
  planDocument(plan: number): PlanDocument;
  /** Brings a plan file back; the number of the plan that a run may be held to. */
  adoptPlan(document: PlanDocument): number;
  /** Stores a run and starts it; an interrupted run of the same sync is finished first. A run held to the plan of an undo is that undo. */
  startRun(sync: string, options: RunOptions): { readonly run: number; readonly finished: Promise<void> };
  cancelRun(run: number): void;
  /** Finishes every run that a crash interrupted. */
  resumeAll(): Promise<void>;
  verify(sync: string, options?: { readonly signal?: AbortSignal; readonly cause?: VerificationRow['cause'] }): Promise<VerifyReport>;
  /** Whether reading only what changed would have heard of everything. Writes nothing. */
  audit(sync: string, options?: { readonly signal?: AbortSignal }): Promise<AuditReport>;
  /** Grows with everything a screen may show. */
  version(): number;
  changed(): void;
  onChange(listener: () => void): () => void;
}

/** What looks at all places of a sync without writing. */
interface LookTask {
  readonly db: Db;
  readonly sync: SyncContext;
  readonly signal: AbortSignal;
  readonly report: Report;
}

/** Opens or creates a workspace. Throws KantoError; see main/store/open.ts for the codes. */
export function openWorkspace(options: WorkspaceOptions): Workspace {
  const now = options.now ?? Date.now;
  const exists = existsSync(options.folder);
  if (!exists && options.create) mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const fresh = options.create && !existsSync(`${options.folder}/state.db`);
  if (!fresh && !existsSync(`${options.folder}/state.db`)) {
    throw new KantoError(
      'workspace-missing',
      `${options.folder} is not a workspace.`,
      'Create one with `kanto init`, or name another folder with --workspace.',
      'ask-user',
    );
  }
  const key = fresh ? createKey(options.folder, options.key) : openKey(options.folder, options.key);
  const db = openDatabase(options.folder, key, { create: fresh, now });
  sweep(db);
  if (fresh) writeFileSync(`${options.folder}/.gitignore`, '*\n');
  const environment: EngineEnvironment = {
    folder: options.folder,
    now,
    uuid: options.uuid ?? createUuid7(now),
    registry: options.registry ?? createRegistry(),
    gates: createGates(options.patience ?? usualPatience, now, connectionStateTable(db)),
    ...openSecrets(db, now),
    openScratch: (name) => openScratch(db.name, key, name),
    reopenScratch: (name) => reopenScratch(db.name, key, name),
  };
  return assemble(db, options, environment);
}

function assemble(db: Db, options: WorkspaceOptions, environment: EngineEnvironment): Workspace {
  const { now } = environment;
  const connectors = Object.fromEntries(environment.registry);
  const progress = createProgressBoard(now);
  const listeners = new Set<() => void>();
  const running = new Map<number, { readonly abort: AbortController; readonly finished: Promise<void> }>();
  const busy = new Map<string, Promise<unknown>>();
  const closing = new AbortController();
  let version = 0;

  const changed = () => {
    version += 1;
    for (const listener of listeners) listener();
  };
  const configuration = (): ConfigurationInForce => {
    const row = revisionTable(db).newest();
    if (!row) return { revision: 0, at: now(), body: { folder: options.folder, name: 'Workspace', connections: {}, syncs: {} } };
    return { revision: row.revision, at: row.at, body: JSON.parse(row.body) as Configuration };
  };
  /** Work on one sync happens one after the other. */
  const queued = <T>(sync: string, work: () => Promise<T>): Promise<T> => {
    const before = busy.get(sync) ?? Promise.resolve();
    const mine = before.then(work, work);
    busy.set(sync, mine);
    return mine;
  };
  const withSync = async <T>(sync: string, signal: AbortSignal, use: (context: SyncContext) => Promise<T>): Promise<T> => {
    await using context = await openSync(db, sync, configuration().body, environment, signal);
    return await use(context);
  };
  /** Looks at all places of a sync, after what is under way there. */
  const looked = <T>(sync: string, signal: AbortSignal, look: (task: LookTask) => Promise<T>): Promise<T> =>
    queued(sync, () =>
      withSync(sync, signal, async (context) => {
        const task = progress.begin({ run: 0, sync, kind: 'plan' });
        try {
          return await look({ db, sync: context, signal, report: task.report });
        } finally {
          task.end();
        }
      }),
    );
  const execute = (run: number, sync: string): Promise<void> => {
    const abort = new AbortController();
    const signal = AbortSignal.any([abort.signal, closing.signal]);
    const finished = queued(sync, async () => {
      const task = progress.begin({ run, sync, kind: 'run' });
      changed();
      try {
        keepReserve(options.folder);
        await executeRun(
          { db, configuration: configuration().body, environment, signal, report: task.report, step: options.step ?? (() => undefined) },
          run,
        );
      } finally {
        task.end();
        running.delete(run);
        changed();
      }
    });
    running.set(run, { abort, finished });
    return finished;
  };
  /** What must be stored so that a full disk can be told of at all. */
  const withReserve = <T>(store: () => T): T => {
    try {
      return store();
    } catch (error) {
      if (!isFullDisk(error)) throw error;
      giveUpReserve(options.folder);
      try {
        return store();
      } catch (again) {
        throw isFullDisk(again) ? fullDisk(options.folder, again) : again;
      }
    }
  };
  const interrupted = (sync?: string) =>
    runStateTable(db)
      .unfinished()
      .filter((row) => !running.has(row.id) && (sync === undefined || row.sync === sync));

  return {
    db,
    folder: options.folder,
    user: userName(),
    registry: environment.registry,
    progress,
    now,
    uuid: environment.uuid,
    configuration,
    publish(body, what) {
      if (busy.size > 0 && running.size > 0) throw notNow();
      const revision = publish(db, body, { by: userName(), what, at: now(), registry: environment.registry });
      changed();
      return revision;
    },
    async applyFolder(folder) {
      const body = await loadFolder(folder, connectors);
      return this.publish(body, `applied ${body.name}`);
    },
    async installSample() {
      if (options.sampleFolder === undefined) {
        throw new KantoError(
          'not-now',
          'The sample company is not part of this installation.',
          'Build the application with `npm run build`.',
          'ask-user',
        );
      }
      const sample = await loadFolder(await installSample(options.sampleFolder, options.folder), connectors);
      const revision = this.publish(keepConnections(sample, configuration().body, connectors), `applied ${sample.name}`);
      return { revision, sync: Object.keys(sample.syncs)[0] ?? '' };
    },
    filesOf: (connection) => connectionFiles(connection, configuration().body, environment),
    login: (connection, asked) => login(connection, configuration().body, environment, asked),
    connect: (connection) => openConnection(connection, configuration().body, environment, { isAwaited: true }),
    connectDraft: (config, secrets) => openDraft(config, secrets, configuration().body, environment),
    vault: createVault(environment),
    endLogs: (options) => endAbandonedLogs(db, configuration().body, environment, { ...options, signal: closing.signal }),
    model: (sync) => withSync(sync, closing.signal, async (context) => context.model),
    async makePlan(sync, { full = false, signal = closing.signal }) {
      refuseInterrupted(sync);
      return queued(sync, () => preview(sync, async (task) => makePlan({ ...task, full, signal }, {}, silentClock(now))));
    },
    async makeUndoPlan(run, { signal = closing.signal }) {
      const { sync } = undoableRun(db, run);
      refuseInterrupted(sync);
      return queued(sync, () =>
        preview(sync, async (task) => makeUndoPlan({ ...task, full: false, signal }, run, configuration().body, silentClock(now))),
      );
    },
    planDocument: (plan) => planDocument(db, plan),
    adoptPlan(document) {
      const { revision, body } = configuration();
      if (!Object.hasOwn(body.syncs, document.sync)) throw unknownSync(document.sync, body);
      return adoptPlan(db, document, revision, now());
    },
    startRun(sync, asked) {
      const { revision, body } = configuration();
      if (!body.syncs[sync]) throw unknownSync(sync, body);
      const waiting = interrupted(sync);
      const undo = asked.undo ?? (asked.plan === undefined ? undefined : undoOf(asked.plan));
      if (undo !== undefined) undoableRun(db, undo);
      const run = withReserve(() => runStateTable(db).create(sync, revision, now(), undo === undefined ? asked : { ...asked, undo }));
      const inOrder = [...waiting.map((row) => execute(row.id, sync)), execute(run, sync)];
      return { run, finished: Promise.all(inOrder).then(() => undefined) };
    },
    cancelRun(run) {
      const found = running.get(run);
      if (!found) throw new KantoError('not-now', `Run ${run} is not under way.`, 'Look at the list of runs.', 'ask-user');
      found.abort.abort();
    },
    resumeAll: () => Promise.all(interrupted().map((row) => execute(row.id, row.sync))).then(() => undefined),
    verify: (sync, { signal = closing.signal, cause = 'asked' } = {}) =>
      looked(sync, signal, async (task) => {
        const at = now();
        const report = await verify(task);
        const row = { sync, at, took: now() - at, cause, differing: report.differing, body: JSON.stringify(report) };
        verificationTable(db).add(row);
        changed();
        return report;
      }),
    audit: (sync, { signal = closing.signal } = {}) => looked(sync, signal, (task) => audit({ ...task, now: now() })),
    version: () => version,
    changed,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await Promise.allSettled([...running.values()].map((run) => run.finished));
      await Promise.allSettled(busy.values());
      db.close();
    },
  };

  /** A plan on a half-written state would say too much. */
  function refuseInterrupted(sync: string): void {
    const row = runStateTable(db)
      .unfinished()
      .find((one) => one.sync === sync && one.status === 'writing' && !running.has(one.id));
    if (!row) return;
    throw new KantoError(
      'not-now',
      `Run ${row.id} of ${sync} was interrupted while it wrote.`,
      'Start a run: it finishes the interrupted one first.',
      'ask-user',
    );
  }

  /** The run that a plan undoes. */
  function undoOf(plan: number): number | undefined {
    return (JSON.parse(planTable(db).find(plan)?.summary ?? '{}') as Partial<PlanSummary>).undo?.run;
  }

  async function preview(sync: string, make: (task: Omit<PlanRequest, 'full' | 'signal'>) => Promise<unknown>): Promise<number> {
    const plans = planTable(db);
    const task = progress.begin({ run: 0, sync, kind: 'plan' });
    const plan = plans.create(sync, configuration().revision, now(), null);
    try {
      using scratch = environment.openScratch(String(plan));
      await withSync(sync, closing.signal, (context) =>
        make({ isRun: false, db, plan, sync: context, report: task.report, now, scratch: scratch.db }),
      );
    } catch (error) {
      while (plans.drop(plan, 500)) await nextTurn();
      throw error;
    } finally {
      task.end();
      changed();
    }
    for (const old of plans.previews(sync, plan).slice(0, -previewsKept)) while (plans.drop(old, 500)) await nextTurn();
    return plan;
  }
}

/** Earlier previews kept beside the newest, so that a plan that is being reviewed stays valid. */
const previewsKept = 2;

function userName(): string {
  return process.env['KANTO_USER'] ?? userInfo().username;
}

function notNow(): KantoError {
  return new KantoError(
    'not-now',
    'A run is under way; the configuration cannot change in the middle of it.',
    'Wait for it to end or cancel it.',
    'ask-user',
  );
}
