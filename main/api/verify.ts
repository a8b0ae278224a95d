// Comparisons of all places and audits of reads by time, on demand, and what comparisons found before.
import type { Verification } from '../../preload/contract/verify.ts';
import type { VerifyReport } from '../engine/verify.ts';
import { verificationTable } from '../store/tables/verifications.ts';
import type { VerificationRow } from '../store/tables/verifications.ts';
import type { ApiContext, Handlers } from './context.ts';
import { defined } from './defined.ts';
import { wire } from './wire.ts';

/** Comparisons listed. */
const listed = 20;

export function verifyHandlers({ workspace }: ApiContext): Pick<Handlers, 'syncs.verify' | 'syncs.verifications' | 'syncs.audit'> {
  const table = verificationTable(workspace.db);
  return {
    async 'syncs.verify'({ sync }) {
      await workspace.verify(sync);
      const [row] = table.newest(sync, 1);
      if (row === undefined) throw new RangeError(`The comparison of ${sync} was not stored.`);
      return toVerification(row);
    },
    'syncs.verifications'({ sync }) {
      const rows = table.newest(sync, listed);
      const [newest] = rows;
      return {
        ...defined({ newest: newest && toVerification(newest) }),
        all: rows.map((row) => {
          const { at, took, cause, differing } = row;
          return {
            at,
            tookMs: took,
            cause,
            differing,
            rows: Object.values(reportOf(row).endpoints).reduce((sum, one) => sum + one.count, 0),
          };
        }),
      };
    },
    async 'syncs.audit'({ sync }) {
      const { sound, endpoints } = await workspace.audit(sync);
      return {
        sound,
        endpoints: Object.fromEntries(
          Object.entries(endpoints).map(([name, { examples, proposals, ...one }]) => [
            name,
            {
              ...one,
              proposals: [...proposals],
              examples: examples.map(({ key, known, now, ...example }) => ({
                ...example,
                key: [...key],
                ...(known === undefined ? {} : { known: wire(known) }),
                ...(now === undefined ? {} : { now: wire(now) }),
              })),
            },
          ]),
        ),
      };
    },
  };
}

function reportOf({ body }: VerificationRow): VerifyReport {
  return JSON.parse(body) as VerifyReport;
}

function toVerification(row: VerificationRow): Verification {
  const { endpoints, differences, notes } = reportOf(row);
  const { at, took, cause, differing } = row;
  return {
    at,
    tookMs: took,
    cause,
    differing,
    endpoints: { ...endpoints },
    differences: differences.map(({ key, expected, found, ...one }) => ({
      ...one,
      key: [...key],
      ...(expected === undefined ? {} : { expected: wire(expected) }),
      ...(found === undefined ? {} : { found: wire(found) }),
    })),
    notes: [...notes],
  };
}
