// Lets the rows of a scratch be found by their match fields, and new records by theirs: sorted blocks into the index, in turns.
import type { Db } from '../store/open.ts';
import { SortedHashes } from '../store/sorted-hashes.ts';
import { scratchTable } from '../store/tables/scratch.ts';
import { pause } from './planning-task.ts';

/** Entries written in one turn. */
const turnSize = 2000;

/** The index over staged rows while they are read. */
export interface MatchIndex {
  readonly add: (hash: number, seen: number) => void;
  /** Call between pages: writes a full block away. */
  readonly makeRoom: () => Promise<void>;
  /** Writes the rest. Afterwards all rows are found. */
  readonly finish: () => Promise<void>;
}

export function createMatchIndex(scratch: Db, signal: AbortSignal): MatchIndex {
  const table = scratchTable(scratch);
  const blocks = [new SortedHashes()];
  const write = async () => {
    for (const block of blocks.splice(0)) {
      let written = 0;
      for (const [hash, seen] of block.take()) {
        table.addMatch(hash, seen);
        written += 1;
        if (written % turnSize === 0) await pause({ signal });
      }
    }
  };
  return {
    add(hash, seen) {
      let block = blocks.at(-1);
      if (block === undefined || !block.hasRoom(1)) {
        block = new SortedHashes();
        blocks.push(block);
      }
      block.add(hash, seen);
    },
    makeRoom: async () => {
      if (blocks.length > 1) await write();
    },
    finish: write,
  };
}
