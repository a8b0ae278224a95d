// What a yardstick is: plain or foreign work on the same rows, beside which the engine's time is put.
import type { DatasetOptions } from '../../data/diverged/dataset.ts';
import { processorMs } from './processor.ts';

/** Paths of the same rows in every form that a yardstick may ask for. */
export interface YardstickFiles {
  /** What all sides agreed on. */
  readonly baseCsv: string;
  readonly aCsv: string;
  readonly bCsv: string;
  readonly aSqlite: string;
  readonly bSqlite: string;
  /** An empty folder. */
  readonly scratch: string;
}

export interface YardstickInput {
  readonly dataset: DatasetOptions;
  readonly files: YardstickFiles;
  /** The folder in whose node_modules foreign packages lie. */
  readonly tools: string | undefined;
}

export interface YardstickOutput {
  /** The work alone, without starting the process and loading packages. */
  readonly ms: number;
  /** Processor time of the same, all threads. */
  readonly cpuMs: number;
  /** Rows that were worked on, where it is not all of them. */
  readonly rows?: number;
  /** What it found, in words. */
  readonly found: string;
}

/** Why a yardstick cannot be used here. */
export class NotInstalled extends Error {
  override readonly name = 'NotInstalled';
}

export interface Yardstick {
  readonly title: string;
  readonly needs: readonly (keyof Omit<YardstickFiles, 'scratch'>)[];
  readonly measure: (input: YardstickInput) => YardstickOutput | Promise<YardstickOutput>;
}

/** Runs the work and tells how long it took. */
export async function timed<T>(work: () => T | Promise<T>): Promise<{ readonly ms: number; readonly cpuMs: number; readonly value: T }> {
  const before = processorMs();
  const began = performance.now();
  const value = await work();
  return { ms: performance.now() - began, cpuMs: processorMs() - before, value };
}
