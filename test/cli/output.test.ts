// What `kanto` prints and how it ends, without a process.
import { describe, expect, it } from 'vitest';
import { exitOfError, exitOfRun } from '../../main/cli/exit-codes.ts';
import { clip, createOutput, errorText, showChanges, showValue, table } from '../../main/cli/output.ts';
import { createProgressLine, progressText } from '../../main/cli/progress.ts';
import { parsePartner } from '../../main/cli/commands/conflicts.ts';
import { parseApproval } from '../../main/cli/commands/run.ts';

const outcome = { status: 'complete', written: 0, conflictsOpened: 0 } as const;

describe('exit codes of runs', () => {
  it.each([
    [outcome, 0],
    [{ ...outcome, conflictsOpened: 1 }, 3],
    [{ ...outcome, status: 'partial', written: 4 }, 3],
    [{ ...outcome, status: 'withheld' }, 4],
    [{ ...outcome, status: 'withheld', written: 1 }, 3],
    [{ ...outcome, status: 'failed', problem: 'not-found' }, 4],
    [{ ...outcome, status: 'failed', problem: 'not-found', written: 1 }, 1],
    [{ ...outcome, status: 'failed', problem: 'internal' }, 1],
    [{ ...outcome, status: 'cancelled' }, 1],
  ] as const)('%j ends with %i', (run, exit) => {
    expect(exitOfRun(run)).toBe(exit);
  });

  it('an error that nobody foresaw is a failure', () => {
    expect(exitOfError('constructor')).toBe(1);
    expect(exitOfError('config-invalid')).toBe(2);
    expect(exitOfError('locked')).toBe(4);
  });
});

describe('output', () => {
  it('lines columns up, numbers to the right', () => {
    expect(
      table(
        ['name', 'rows'],
        [
          ['a', 5],
          ['longer', 12_345],
        ],
      ),
    ).toBe('name      rows\na            5\nlonger  12,345');
  });

  it('tells nothing from empty', () => {
    expect([showValue(null), showValue(''), showValue([]), showValue(['a', 'b']), showValue(false)]).toEqual([
      '(none)',
      '(empty)',
      '(empty)',
      'a, b',
      'false',
    ]);
    expect(showChanges({ city: 'A' }, { city: 'B', zip: null })).toBe('city: A → B; zip: (none)');
    expect(showChanges({ city: 'A' }, {})).toBe('city: A');
    expect(clip('abcdef', 4)).toBe('abc…');
  });

  it('says an error in three lines', () => {
    const problem = { code: 'locked', message: 'shop.csv is open elsewhere.', remedy: 'Close it.', recovery: 'retry' } as const;
    expect(errorText(problem, 'run 3 of customers')).toBe('shop.csv is open elsewhere.\n  in: run 3 of customers\n  do: Close it.');
  });

  it('prints the document or the text, never both', () => {
    const written: string[] = [];
    const stream = { write: (text: string) => written.push(text) };
    createOutput({ stdout: stream, stderr: stream }, true).result({ a: 1 }, () => 'text');
    createOutput({ stdout: stream, stderr: stream }, false).result({ a: 1 }, () => 'text');
    expect(written).toEqual(['{\n  "a": 1\n}\n', 'text\n']);
  });

  it('shows progress only where somebody watches', () => {
    const progress = {
      run: 1,
      sync: 's',
      kind: 'run',
      phase: 'read',
      endpoint: 'shop',
      done: 1200,
      total: 2000,
      perSecond: 400,
      remainingMs: 2000,
    } as const;
    expect(progressText(progress)).toBe('Reading shop: 1,200 of 2,000, 400/s, 2 s left');
    const written: string[] = [];
    createProgressLine({ write: (text) => written.push(text) }).show([progress]);
    expect(written).toEqual([]);
    createProgressLine({ write: (text) => written.push(text), isTTY: true, columns: 20 }).show([progress]);
    expect(written).toEqual(['\r\x1b[2KReading shop: 1,20…']);
  });
});

describe('arguments', () => {
  it('approvals', () => {
    expect(parseApproval(['deletes=120', 'updates'])).toEqual({ deletes: 120, updates: Number.MAX_SAFE_INTEGER });
    expect(() => parseApproval(['deletes=-1'])).toThrow('is not understood');
  });

  it('rows that belong together', () => {
    expect(parsePartner('shop:a:b')).toEqual({ endpoint: 'shop', key: ['a:b'] });
    expect(parsePartner('shop:["a","b"]')).toEqual({ endpoint: 'shop', key: ['a', 'b'] });
    expect(() => parsePartner('shop:[1]')).toThrow('not a JSON list');
  });
});
