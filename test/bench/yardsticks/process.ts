// Entry of a process that measures one yardstick: its name and input come as JSON in the first argument, the answer goes to the parent.
import { peakMemoryBytes } from '../../harness/peak-memory.ts';
import { yardsticks, type YardstickName } from './index.ts';
import { NotInstalled, type YardstickInput, type YardstickOutput } from './yardstick.ts';

export type YardstickAnswer =
  | (YardstickOutput & { readonly kind: 'measured'; readonly peakBytes: number })
  | { readonly kind: 'missing'; readonly why: string };

async function answer(name: YardstickName, input: YardstickInput): Promise<YardstickAnswer> {
  try {
    const output = await yardsticks[name].measure(input);
    return { kind: 'measured', ...output, peakBytes: peakMemoryBytes() };
  } catch (error) {
    if (error instanceof NotInstalled) return { kind: 'missing', why: error.message };
    throw error;
  }
}

const { name, input } = JSON.parse(process.argv[2] ?? '') as { readonly name: YardstickName; readonly input: YardstickInput };
const said = await answer(name, input);
process.send?.(said, undefined, {}, () => process.exit(0));
