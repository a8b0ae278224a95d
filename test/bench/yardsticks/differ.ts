// tabular-data-differ: two sorted streams compared in one pass.
import { loadTool } from './tools.ts';
import { timed, type Yardstick } from './yardstick.ts';

interface Stats {
  readonly modified: number;
  readonly added: number;
  readonly deleted: number;
}
interface Differ {
  diff(options: {
    readonly oldSource: string;
    readonly newSource: string;
    readonly keys: readonly { readonly name: string; readonly comparer: 'number' }[];
  }): { to(output: 'null'): Promise<Stats> };
}

export const tabularDataDiffer: Yardstick = {
  title: 'tabular-data-differ, both sides as CSV sorted by key',
  needs: ['aCsv', 'bCsv'],
  async measure({ files, tools }) {
    const { diff } = loadTool<Differ>('tabular-data-differ', tools);
    const keys = [{ name: 'id', comparer: 'number' as const }];
    const { ms, cpuMs, value } = await timed(() => diff({ oldSource: files.aCsv, newSource: files.bCsv, keys }).to('null'));
    return { ms, cpuMs, found: `${value.modified} differ, ${value.deleted} only at a, ${value.added} only at b` };
  },
};
