// What a process used while it worked, looked up from outside where the system has /proc: processor time, memory and bytes written over time.
import { existsSync, readFileSync } from 'node:fs';

export interface Sample {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly cpuMs: number;
  readonly residentBytes: number;
  /** Given to the system to write, and what of it reached the level of the disk. */
  readonly givenBytes: number;
  readonly diskBytes: number;
}

export interface Used {
  readonly cpuMs: number;
  readonly peakBytes: number;
  readonly givenBytes: number;
  readonly diskBytes: number;
}

export interface Meter {
  /** Stops looking. */
  stop(): void;
  /** What was used between two moments; undefined where the system does not tell. */
  between(from: number, to: number): Used | undefined;
}

const lookMs = 100;
/** Clock ticks of /proc/PID/stat; 100 on every Linux that Node runs on. */
const msPerTick = 10;

export function sampleOf(pid: number): Sample | undefined {
  if (!existsSync(`/proc/${pid}/io`)) return undefined;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in brackets may hold blanks; the fields after it begin with the third.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const io = readFileSync(`/proc/${pid}/io`, 'utf8');
  const number = (name: string) => Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(io)?.[1] ?? 0);
  const resident = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return {
    at: Date.now(),
    cpuMs: (Number(fields[11]) + Number(fields[12])) * msPerTick,
    residentBytes: Number(resident ?? 0) * 1024,
    givenBytes: number('wchar'),
    diskBytes: number('write_bytes'),
  };
}

/** Looks ten times a second until it is stopped. */
export function startMeter(pid: number): Meter {
  const samples: Sample[] = [];
  const look = () => {
    const sample = sampleOf(pid);
    if (sample !== undefined) samples.push(sample);
  };
  look();
  const timer = setInterval(look, lookMs);
  return {
    stop() {
      clearInterval(timer);
      look();
    },
    between(from, to) {
      const first = samples.findLast((one) => one.at <= from) ?? samples[0];
      const last = samples.find((one) => one.at >= to) ?? samples.at(-1);
      if (first === undefined || last === undefined) return undefined;
      const inside = samples.filter((one) => one.at >= first.at && one.at <= last.at);
      const span = Math.max(1, last.at - first.at);
      const share = Math.min(1, (to - from) / span);
      return {
        cpuMs: (last.cpuMs - first.cpuMs) * share,
        peakBytes: Math.max(...inside.map((one) => one.residentBytes)),
        givenBytes: (last.givenBytes - first.givenBytes) * share,
        diskBytes: (last.diskBytes - first.diskBytes) * share,
      };
    },
  };
}
