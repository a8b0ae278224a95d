// What a codec is: the two ways of one type between a native cell that holds something and a canonical value.
import type { Native } from '../../../../connectors/native.ts';
import type { Read, Written } from '../../model/sync.ts';
import type { Value } from '../../model/value.ts';
import type { Format } from '../format.ts';
import { plainNumber } from './decimal.ts';

/** Null and, where it means null, the empty cell are handled by the lens; a codec never sees them. */
export interface Codec {
  readonly read: (native: Exclude<Native, null>) => Read;
  readonly write: (value: Exclude<Value, null>) => Written;
  /**
   * A cheap proof that a value is canonical and is read back as itself when it is written here. False: unknown, which only writing and
   * reading can tell.
   */
  readonly keeps: (value: Exclude<Value, null>) => boolean;
  /** Whatever is written here can be read again, if only as an image, so that a write needs no proof. Default: it is tried out. */
  readonly readsBack?: boolean;
  /** An empty cell is one of the words of this field. */
  readonly readsEmpty?: boolean;
  /** A cell of spaces holds something. Default: it is as good as empty. */
  readonly readsSpaces?: boolean;
}

/** What a codec needs to know of the endpoint. */
export interface Place {
  readonly format: Format;
  /** Table of words, native to canonical. */
  readonly values?: Readonly<Record<string, string>>;
  /** Only text is stored there. */
  readonly textual: boolean;
}

/** The text of a cell: numbers in their shortest plain notation; nothing for bytes and for what is no number. */
export function cellText(native: Exclude<Native, null>): string | undefined {
  switch (typeof native) {
    case 'string':
      return native;
    case 'bigint':
    case 'boolean':
      return String(native);
    case 'number':
      return plainNumber(native);
    default:
      return undefined;
  }
}
