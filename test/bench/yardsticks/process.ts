// Entry of a process that measures one yardstick: its name and input come as JSON in the first argument, the answer goes to the parent.
import { peakMemoryBytes } from '../../harness/peak-memory.ts';
import { yardsticks, type YardstickName } from './index.ts';
import { NotInstalled, type YardstickInput, type YardstickOutput } from './yardstick.ts';

export type YardstickAnswer =
  | (YardstickOutput & { readonly kind: 'measured'; readonly cpuMs: number; readonly peakBytes: number })
  | { readonly kind: 'missing'; readonly why: string };

async function answer(name: YardstickName, input: YardstickInput): Promise<YardstickAnswer> {
  const before = process.cpuUsage();
  try {
    const output = await yardsticks[name].measure(input);
    const { user, system } = process.cpuUsage(before);
    return { kind: 'measured', ...output, cpuMs: (user + system) / 1000, peakBytes: peakMemoryBytes() };
  } catch (error) {
    if (error instanceof NotInstalled) return { kind: 'missing', why: error.message };
    throw error;
  }
}

const { name, input } = JSON.parse(process.argv[2] ?? '') as { readonly name: YardstickName; readonly input: YardstickInput };
const said = await answer(name, input);
process.send?.(said, undefined, {}, () => process.exit(0));
