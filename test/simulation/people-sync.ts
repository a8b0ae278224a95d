// The sync that the generated histories are about: two to four places that hold people, under policies that the seed chooses.
import { normaliseSync } from '../../main/config/normalise.ts';
import { createRandom } from '../../main/simulator/random.ts';
import type { Random } from '../../main/simulator/random.ts';
import type { PlaceFacts, Subject } from '../../main/simulator/subject.ts';

const columns = ['id', 'mail', 'name', 'city', 'seen', 'changed'] as const;

/** Requests of two operations, so that there are several. */
const facts: PlaceFacts = {
  columns,
  primaryKey: ['id'],
  tellsNullFromEmpty: true,
  maxLengths: {},
  capabilities: {
    write: ['create', 'update', 'delete'],
    atomicity: 'row',
    maxBatch: 2,
    cursor: true,
    log: true,
    confirmsAbsence: true,
    filters: false,
    assignsKeys: true,
    repeats: true,
  },
  rows: [],
};

function changesOf(isByTime: boolean, logs: Random | undefined): { readonly changes?: 'cursor' | 'log' } {
  const hasLog = logs?.chance(0.25) === true;
  return isByTime ? { changes: 'cursor' } : hasLog ? { changes: 'log' } : {};
}

/** `seen` is lossy at the first place: it keeps whole seconds. */
function endpoint(random: Random, name: string, index: number, logs: Random | undefined) {
  return {
    connection: name,
    dataset: 'people',
    key: ['id'],
    modified: 'changed',
    ...changesOf(random.chance(0.15), logs),
    absentScans: 1 + (index % 2),
    fields: {
      mail: 'mail',
      name: 'name',
      city: 'city',
      seen: index === 0 ? { column: 'seen', format: { pattern: 'yyyy-MM-dd HH:mm:ss', zone: 'UTC' } } : 'seen',
    },
  };
}

/** `hasLogs`: some places keep a log of changes; what else the seed chooses is the same without. */
export function peopleSync(seed: number, hasLogs = true): Subject {
  const random = createRandom(seed ^ 0x5eed);
  const logs = hasLogs ? createRandom(seed ^ 0x109) : undefined;
  const names = ['a', 'b', 'c', 'd'].slice(0, 2 + random.int(3));
  const order = { priority: names };
  const deletes = random.chance(0.3) ? { count: random.int(2), share: 0 } : { count: 100, share: 1 };
  const config = normaliseSync(
    'people',
    {
      record: {
        fields: {
          mail: { type: 'text', normal: ['trim', 'lowercase'] },
          name: { type: 'text' },
          city: { type: 'text' },
          seen: { type: 'instant' },
        },
      },
      match: ['mail'],
      first: ['fill', ...random.pick([['manual' as const], [order]])],
      policies: { default: [...random.pick([['manual' as const], ['newest' as const], [order]])], city: ['manual'] },
      presence: random.pick(['manual', 'update', 'delete']),
      limits: { deletes, updates: { count: 1000, share: 1 } },
      endpoints: Object.fromEntries(names.map((name, index) => [name, endpoint(random, name, index, logs)])),
    },
    {},
  );
  return { sync: 'people', config, places: Object.fromEntries(names.map((name) => [name, facts])), rowsPerPage: 2 };
}
