// Finds the links of rows in the order of a read. Reads mostly come by key, so the next link is mostly the next one of the index.
import type { Db } from '../open.ts';
import { linkTable } from './links.ts';
import type { LinkBrief } from './links.ts';

/** Links fetched at a time while the order holds. */
const fullWindow = 512;
/** After a jump it is not known yet whether an order holds. */
const firstWindow = 4;
/** Links without a row that are passed on the way to the next row; with more of them the order is taken as broken. */
const passedAtOnce = 3;
/** After that many jumps in a row the next keys are only looked up. */
const jumpsTolerated = 8;
const restAfterJumps = 256;

/** Walks through the links of one endpoint. Correct for any order of keys, fast for an ascending one. */
export class LinkCursor {
  private readonly links: ReturnType<typeof linkTable>;
  private readonly endpoint: number;
  private window: readonly LinkBrief[] = [];
  private at = 0;
  private after = '';
  private size = fullWindow;
  private jumps = 0;
  private rest = 0;
  private isAtEnd = false;
  private isEmpty = false;

  constructor(db: Db, endpoint: number) {
    this.links = linkTable(db);
    this.endpoint = endpoint;
  }

  find(key: string): LinkBrief | undefined {
    if (this.isEmpty) return undefined;
    if (this.rest === 0) return this.next(key) ?? this.jump(key);
    this.rest -= 1;
    const link = this.links.find(this.endpoint, key);
    if (link && this.rest === 0) this.goBehind(key);
    return link;
  }

  /** The link, where it is one of the next ones. */
  private next(key: string): LinkBrief | undefined {
    for (let skipped = 0; skipped <= passedAtOnce; skipped += 1) {
      const link = this.window[this.at] ?? this.fetch();
      if (link === undefined || link[0] > key) return undefined;
      this.at += 1;
      if (link[0] === key) {
        this.jumps = 0;
        return link;
      }
    }
    return undefined;
  }

  /** Looks the key up. A row that has no link leaves the cursor where it is. */
  private jump(key: string): LinkBrief | undefined {
    const link = this.links.find(this.endpoint, key);
    if (link === undefined) return undefined;
    this.goBehind(key);
    this.jumps = Math.min(this.jumps + 1, jumpsTolerated);
    if (this.jumps === jumpsTolerated) this.rest = restAfterJumps;
    return link;
  }

  private goBehind(key: string): void {
    this.after = key;
    this.window = [];
    this.at = 0;
    this.isAtEnd = false;
    this.size = firstWindow;
  }

  private fetch(): LinkBrief | undefined {
    if (this.isAtEnd) return undefined;
    this.window = this.links.page(this.endpoint, this.after, this.size);
    this.isAtEnd = this.window.length < this.size;
    this.isEmpty = this.after === '' && this.window.length === 0;
    this.at = 0;
    this.after = this.window.at(-1)?.[0] ?? this.after;
    this.size = Math.min(fullWindow, this.size * 4);
    return this.window[0];
  }
}
