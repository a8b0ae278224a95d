// What the test of a connection says: checks, one after the other, of which a failure is a line, and what was found, in words for people.
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

/** `skewMs`: by how much the clock there is ahead; less than `tolerated` is not worth saying. `remedy` follows a colon. */
export function clockCheck(skewMs: number, tolerated: number, remedy: string): TestCheck {
  if (Math.abs(skewMs) < tolerated) return { name: 'clock', isOk: true, says: 'The clocks agree.' };
  const seconds = Math.abs(skewMs / 1000).toFixed(1);
  return { name: 'clock', isOk: false, says: `The clock of the server is ${seconds} s ${skewMs > 0 ? 'ahead' : 'behind'}: ${remedy}.` };
}

export function numberWords(value: number): string {
  return value.toLocaleString('en');
}

/** Things that are named in a report. */
const named = 20;

/** The first ones in words, and how many more there are. */
export function firstOf<Item>(items: readonly Item[], describe: (item: Item) => string): readonly string[] {
  const left = items.length - named;
  return [...items.slice(0, named).map(describe), ...(left > 0 ? [`and ${numberWords(left)} more`] : [])];
}
