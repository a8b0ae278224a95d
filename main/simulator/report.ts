// What a simulation found, summed up over its histories.
import { faultCatalogue } from './faults.ts';
import type { Fault } from './faults.ts';
import { laws } from './law.ts';
import type { Law } from './law.ts';
import type { ConflictTally, Lived } from './live.ts';

export interface FaultLine {
  readonly fault: Fault;
  readonly about: string;
  /** Times it struck. */
  readonly struck: number;
  /** Histories in which it struck. */
  readonly histories: number;
  /** Those of them that broke a law. */
  readonly broken: number;
}

export interface Failure {
  readonly seed: number;
  readonly law: Law;
  /** What was promised. */
  readonly promise: string;
  readonly message: string;
  readonly steps: readonly { readonly step: string; readonly happened: string }[];
}

export interface SimulationReport {
  readonly sync: string;
  readonly seed: number;
  /** Histories that were asked for, and that were lived. */
  readonly asked: number;
  readonly histories: number;
  readonly cancelled: boolean;
  /** Every law held in every history. */
  readonly held: boolean;
  /** Runs from the last fault until nothing was left to do; `most` of any history. */
  readonly converged: { readonly histories: number; readonly averageRuns: number; readonly mostRuns: number };
  readonly runs: number;
  readonly crashes: number;
  readonly writes: number;
  /** Histories that broke each law. */
  readonly broken: Readonly<Record<Law, number>>;
  readonly conflicts: ConflictTally;
  /** By endpoint. */
  readonly calls: Readonly<Record<string, { readonly reads: number; readonly writes: number; readonly refused: number }>>;
  readonly faults: readonly FaultLine[];
  readonly tookMs: number;
  /** The first history that broke a law, shortened. */
  readonly failure?: Failure;
  /** What of the configuration is not simulated. */
  readonly notes: readonly string[];
}

/** Adds up histories as they come. */
export class Findings {
  private readonly all: Omit<Lived, 'said' | 'trace'>[] = [];
  private failure: Failure | undefined;

  add(lived: Lived): void {
    const { said: _said, trace: _trace, ...rest } = lived;
    this.all.push(rest);
  }

  /** The shortened first failure. */
  tell({ seed, said, broken }: Lived): void {
    if (broken === undefined || this.failure !== undefined) return;
    this.failure = { seed, law: broken.law, promise: laws[broken.law], message: broken.message, steps: said };
  }

  get hasFailure(): boolean {
    return this.failure !== undefined;
  }

  report(
    facts: Pick<SimulationReport, 'sync' | 'seed' | 'asked' | 'cancelled' | 'tookMs' | 'notes'>,
    faults: readonly Fault[],
  ): SimulationReport {
    const { all } = this;
    const sum = (of: (lived: (typeof all)[number]) => number) => all.reduce((total, lived) => total + of(lived), 0);
    const calm = all.filter((lived) => lived.broken === undefined);
    const broken = Object.fromEntries(Object.keys(laws).map((law) => [law, all.filter((lived) => lived.broken?.law === law).length]));
    const conflict = (name: keyof ConflictTally) => sum((lived) => lived.conflicts[name]);
    return {
      ...facts,
      histories: all.length,
      held: calm.length === all.length,
      converged: {
        histories: calm.length,
        averageRuns: calm.length === 0 ? 0 : calm.reduce((total, lived) => total + lived.runsToCalm, 0) / calm.length,
        mostRuns: Math.max(0, ...calm.map((lived) => lived.runsToCalm)),
      },
      runs: sum((lived) => lived.runs),
      crashes: sum((lived) => lived.crashes),
      writes: sum((lived) => lived.writes),
      broken: broken as Record<Law, number>,
      conflicts: {
        opened: conflict('opened'),
        byPerson: conflict('byPerson'),
        byAgreement: conflict('byAgreement'),
        byRule: conflict('byRule'),
        open: conflict('open'),
      },
      calls: this.calls(),
      faults: faults.map((fault) => this.faultLine(fault)),
      ...(this.failure === undefined ? {} : { failure: this.failure }),
    };
  }

  private calls(): SimulationReport['calls'] {
    const totals: Record<string, { reads: number; writes: number; refused: number }> = {};
    for (const { calls } of this.all) {
      for (const [place, { reads, writes, refused }] of calls) {
        const total = totals[place] ?? { reads: 0, writes: 0, refused: 0 };
        totals[place] = { reads: total.reads + reads, writes: total.writes + writes, refused: total.refused + refused };
      }
    }
    return totals;
  }

  private faultLine(fault: Fault): FaultLine {
    const hit = this.all.filter(({ struck }) => struck.has(fault));
    return {
      fault,
      about: faultCatalogue[fault],
      struck: hit.reduce((total, { struck }) => total + (struck.get(fault) ?? 0), 0),
      histories: hit.length,
      broken: hit.filter(({ broken }) => broken !== undefined).length,
    };
  }
}
