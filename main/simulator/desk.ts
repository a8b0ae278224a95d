// One workspace of a simulated world: the real engine on a real database, which can be killed, copied, put back, and filled up.
import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Connector } from '../../connectors/contract.ts';
import type { WorkspaceKey } from '../../preload/contract/engine-protocol.ts';
import type { Configuration } from '../config/schema.ts';
import type { Step } from '../engine/running-task.ts';
import { usualPatience } from '../engine/patience.ts';
import type { Patience } from '../engine/patience.ts';
import { openWorkspace } from '../engine/workspace.ts';
import type { Workspace } from '../engine/workspace.ts';
import type { RunOptions } from '../store/tables/run-state.ts';

/** As many attempts as usual; nobody waits for a simulated clock. */
const patience: Patience = { ...usualPatience, firstMs: 0, mostMs: 0, mostLockedMs: 0, restMs: 0 };

export interface DeskSetting {
  readonly key: WorkspaceKey;
  readonly sync: string;
  readonly registry: ReadonlyMap<string, Connector>;
  readonly now: () => number;
  readonly uuid: () => string;
  readonly step: (step: Step) => void;
}

/** Thrown at the moment at which the process of the desk dies. */
export class Died extends Error {}

/** SQLite's own limit on the pages of a file. */
const mostPages = 1_073_741_823;

export class Desk {
  readonly folder: string;
  private readonly setting: DeskSetting;
  private open: Workspace;

  constructor(folder: string, setting: DeskSetting) {
    this.folder = folder;
    this.setting = setting;
    this.open = this.reopened();
  }

  get workspace(): Workspace {
    return this.open;
  }

  publish(configuration: Configuration): void {
    this.open.publish(configuration, 'simulated');
  }

  /** Nothing more is stored, as when the power goes. */
  die(): never {
    this.open.db.close();
    throw new Died();
  }

  /** Finishes what was interrupted, then runs once. With `room` the disk is full after so many more pages of the database. */
  async run(options: RunOptions, room?: number): Promise<'ended' | 'died' | 'full'> {
    const { db } = this.open;
    if (room !== undefined) db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true })) + room}`);
    try {
      await this.open.resumeAll();
      await this.open.startRun(this.setting.sync, options).finished;
      return 'ended';
    } catch (error) {
      if (isFull(error)) return 'full';
      if (!(error instanceof Died) && !String(error).includes('database connection is not open')) throw error;
      await this.open[Symbol.asyncDispose]();
      this.open = this.reopened();
      return 'died';
    } finally {
      if (this.open.db.open) this.open.db.pragma(`max_page_count = ${mostPages}`);
    }
  }

  /** Copies the folder as it is now. */
  copyTo(folder: string): void {
    this.open.db.pragma('wal_checkpoint(TRUNCATE)');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(this.folder)) {
      if (name !== 'backups' && !/-(?:wal|shm)$/.test(name)) cpSync(join(this.folder, name), join(folder, name));
    }
  }

  /** Puts an earlier copy in the place of the folder. */
  async putBack(copy: string): Promise<void> {
    await this.open[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
    cpSync(copy, this.folder, { recursive: true });
    this.open = this.reopened();
  }

  async close(): Promise<void> {
    await this.open[Symbol.asyncDispose]();
  }

  private reopened(): Workspace {
    const { key, registry, now, uuid, step } = this.setting;
    return openWorkspace({ folder: this.folder, create: true, key, registry, now, uuid, step, patience });
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'SQLITE_FULL' || error.code === 'disk-full');
}
