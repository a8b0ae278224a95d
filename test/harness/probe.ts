// Loaded into a process that is measured (`node --import`): tells on demand how long its event loop was blocked and how much memory it took.
import { peakMemoryBytes } from './peak-memory.ts';

/** One moment at which nothing else could happen in the process. */
export interface Block {
  /** How long it was, on the clock and on the processor; the difference was spent waiting for a disk or for other programs. */
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** What the probe says when it is asked, since it was asked the last time. */
export interface ProbeAnswer {
  readonly type: 'probe';
  readonly longest: Block;
  /** The most memory the process ever held, in bytes. */
  readonly peakBytes: number;
  /** Processor time of the whole process since it began. */
  readonly cpuMs: number;
}

const tickMs = 5;

function startProbe(): void {
  let before = performance.now();
  let cpuBefore = process.cpuUsage();
  let longest: Block = { wallMs: 0, cpuMs: 0 };
  const look = () => {
    const now = performance.now();
    const cpu = process.cpuUsage(cpuBefore);
    const block = { wallMs: Math.max(0, now - before - tickMs), cpuMs: (cpu.user + cpu.system) / 1000 };
    if (block.wallMs > longest.wallMs) longest = block;
    before = now;
    cpuBefore = process.cpuUsage();
  };
  setInterval(look, tickMs).unref();
  process.on('message', (message) => {
    if ((message as { readonly type?: unknown }).type !== 'probe') return;
    const { user, system } = process.cpuUsage();
    process.send?.({
      type: 'probe',
      longest,
      peakBytes: peakMemoryBytes(),
      cpuMs: (user + system) / 1000,
    } satisfies ProbeAnswer);
    longest = { wallMs: 0, cpuMs: 0 };
  });
}

startProbe();
