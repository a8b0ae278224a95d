// The keys of new rows, where the sync and not the system gives them.
import type { NativeSet, WriteOperation } from '../contract.ts';
import { connectorError } from '../shared/errors.ts';
import { isCountable, largerKey, missingKeyError, nextKey } from '../shared/keys.ts';
import { listPages } from './listing.ts';
import { keyIn } from './look.ts';
import type { Writer } from './writer.ts';

export interface NewKeys {
  /** The values of a new row with its key, where the system does not give one. */
  withKey(operation: WriteOperation): Promise<NativeSet>;
}

export function createKeys(writer: Writer): NewKeys {
  const { request, declaration, http, uuid } = writer;
  const { ref, signal } = request;
  const column = ref.key[0] ?? '';
  let largest: string | undefined;
  let isCounted = false;
  const next = async (): Promise<string> => {
    if (!isCounted) {
      for await (const { rows } of listPages({ http, declaration, ref, signal })) {
        for (const row of rows) {
          const text = keyIn(row, { ref });
          if (isCountable(text)) largest = largerKey(largest, text);
        }
      }
      isCounted = true;
    }
    largest = nextKey(largest);
    return largest;
  };
  return {
    async withKey({ set, key }) {
      if (declaration.generated.includes(column)) {
        if (!Object.hasOwn(set, column) && key === undefined && ref.newKey === undefined) return set;
        throw connectorError(
          'invalid-config',
          `${declaration.title} gives new rows of ${ref.dataset} their ${column} itself; it cannot be chosen.`,
          `Map no field to ${column} for writing, and leave "newKey" out for this place.`,
        );
      }
      if (Object.hasOwn(set, column)) return set;
      if (key !== undefined) return { ...set, [column]: key[0] ?? null };
      if (ref.newKey === 'uuid') return { ...set, [column]: uuid() };
      if (ref.newKey === 'next') return { ...set, [column]: await next() };
      if (declaration.assignsKeys) return set;
      throw missingKeyError(ref.dataset, [column]);
    },
  };
}
