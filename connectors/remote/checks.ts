// The checks of a connection test, one after the other: a failure is a line of it, in words for people.
import type { TestCheck } from '../contract.ts';
import { ConnectorError } from '../contract.ts';

export interface Checks {
  readonly made: readonly TestCheck[];
  /** Whether the work succeeded; it says what it found. Who is not let in learns that, whatever was tried. */
  attempt(name: TestCheck['name'], work: () => Promise<string>): Promise<boolean>;
}

export function createChecks(): Checks {
  const made: TestCheck[] = [];
  return {
    made,
    async attempt(name, work) {
      try {
        made.push({ name, isOk: true, says: await work() });
        return true;
      } catch (error) {
        if (!(error instanceof ConnectorError) || error.code === 'cancelled') throw error;
        made.push({ name: error.code === 'logged-out' ? 'sign-in' : name, isOk: false, says: `${error.message} ${error.remedy}` });
        return false;
      }
    },
  };
}
