// Keeps the draft of a mapping while the window lives, also when the person goes elsewhere and comes back.
import { useMemo, useState } from 'react';
import { differences, draftOf } from './draft.ts';
import type { Difference, Draft, Mapping } from './draft.ts';

interface Kept {
  /** The revision that the draft was made on. */
  readonly revision: number;
  readonly draft: Draft;
}

function isKept(value: unknown): value is Kept {
  return typeof value === 'object' && value !== null && 'revision' in value && 'draft' in value && typeof value.revision === 'number';
}

/** What an earlier visit left. Anything unreadable there is no draft. */
function kept(key: string): Kept | undefined {
  const text = window.sessionStorage.getItem(key);
  if (text === null) return undefined;
  const value: unknown = JSON.parse(text);
  return isKept(value) ? value : undefined;
}

export interface DraftState {
  readonly draft: Draft;
  readonly changes: readonly Difference[];
  /** The revision that the draft was made on. */
  readonly revision: number;
  readonly set: (draft: Draft) => void;
  readonly discard: () => void;
}

export function useDraft(mapping: Mapping): DraftState {
  const key = `mapping-draft ${mapping.sync}`;
  const [state, setState] = useState<Kept | undefined>(() => kept(key));
  const published = useMemo(() => draftOf(mapping.endpoints), [mapping.endpoints]);
  const draft = state?.draft ?? published;
  const changes = useMemo(() => differences(published, draft), [published, draft]);
  return {
    draft,
    changes,
    revision: state?.revision ?? mapping.revision,
    set: (next) => {
      const isSame = differences(published, next).length === 0;
      const keeping = isSame ? undefined : { revision: state?.revision ?? mapping.revision, draft: next };
      if (keeping === undefined) window.sessionStorage.removeItem(key);
      else window.sessionStorage.setItem(key, JSON.stringify(keeping));
      setState(keeping);
    },
    discard: () => {
      window.sessionStorage.removeItem(key);
      setState(undefined);
    },
  };
}
