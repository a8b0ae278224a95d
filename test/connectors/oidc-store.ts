// Where the authorisation server of the tests keeps what it gave: in memory, for one server.

interface Payload {
  readonly uid?: string;
  readonly userCode?: string;
  readonly grantId?: string;
  consumed?: number;
}

/** The store that the server asks for by kind; see its documentation of adapters. Everything lives as long as the test. */
export function createOidcStore() {
  const all = new Map<string, Map<string, Payload>>();
  return (kind: string) => {
    const known = all.get(kind) ?? new Map<string, Payload>();
    all.set(kind, known);
    const by = (fits: (payload: Payload) => boolean) => [...known.values()].find(fits);
    return {
      upsert: async (id: string, payload: Payload) => void known.set(id, payload),
      find: async (id: string) => known.get(id),
      findByUid: async (uid: string) => by((payload) => payload.uid === uid),
      findByUserCode: async (code: string) => by((payload) => payload.userCode === code),
      destroy: async (id: string) => void known.delete(id),
      consume: async (id: string) => {
        const payload = known.get(id);
        if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000);
      },
      revokeByGrantId: async (grant: string) => {
        for (const kept of all.values()) for (const [id, { grantId }] of kept) if (grantId === grant) kept.delete(id);
      },
    };
  };
}
