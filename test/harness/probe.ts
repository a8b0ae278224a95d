// Loaded into a process that is measured (`node --import`): tells on demand how long its event loop was blocked and how much memory it took.
import { peakMemoryBytes } from './peak-memory.ts';

/** One moment at which nothing else could happen in the process. */
export interface Block {
  /** When it ended, milliseconds since the process began. */
  readonly at: number;
  /** How long it was, on the clock and on the processor; the difference was spent waiting for a disk or for other programs. */
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** What the probe says when it is asked, since it was asked the last time. */
export interface ProbeAnswer {
  readonly type: 'probe';
  readonly longest: Block;
  /** Those that a person could notice, the longest first. */
  readonly blocks: readonly Block[];
  /** The most memory the process ever held, in bytes. */
  readonly peakBytes: number;
  /** Processor time of the whole process since it began. */
  readonly cpuMs: number;
}

const tickMs = 5;
const noticeableMs = 50;
const blocksKept = 12;

function startProbe(): void {
  let before = performance.now();
  let cpuBefore = process.cpuUsage();
  let longest: Block = { at: 0, wallMs: 0, cpuMs: 0 };
  let blocks: Block[] = [];
  const look = () => {
    const now = performance.now();
    const cpu = process.cpuUsage(cpuBefore);
    const block = { at: now, wallMs: Math.max(0, now - before - tickMs), cpuMs: (cpu.user + cpu.system) / 1000 };
    if (block.wallMs > longest.wallMs) longest = block;
    if (block.wallMs > noticeableMs) blocks.push(block);
    before = now;
    cpuBefore = process.cpuUsage();
  };
  setInterval(look, tickMs).unref();
  process.on('message', (message) => {
    if ((message as { readonly type?: unknown }).type !== 'probe') return;
    const kept = blocks.sort((a, b) => b.wallMs - a.wallMs).slice(0, blocksKept);
    const { user, system } = process.cpuUsage();
    process.send?.({
      type: 'probe',
      longest,
      blocks: kept,
      peakBytes: peakMemoryBytes(),
      cpuMs: (user + system) / 1000,
    } satisfies ProbeAnswer);
    longest = { at: 0, wallMs: 0, cpuMs: 0 };
    blocks = [];
  });
}

startProbe();
