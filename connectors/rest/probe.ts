// Tests a connection to an API: whether it answers, lets us in, lists, and shows rows. Nothing is written.
import type { DatasetInfo, TestCheck, TestReport } from '../contract.ts';
import { ConnectorError } from '../contract.ts';
import { clockCheck, firstOf, numberWords } from '../shared/checks.ts';
import type { Columns } from './columns.ts';
import type { Declaration } from './declaration.ts';
import type { Http } from './http.ts';

/** An answer tells its date in whole seconds, and was some time on its way. */
const toleratedMs = 3000;

export interface Probed {
  readonly http: Http;
  readonly declaration: Declaration;
  datasets(): Promise<readonly DatasetInfo[]>;
  columns(dataset: string): Promise<Columns>;
}

/** See `Connection.test`. Throws where the API cannot be reached, lets nobody in or lists nothing of what was declared. */
export async function probe({ http, declaration, datasets, columns }: Probed): Promise<TestReport> {
  const { title, auth } = declaration;
  const all = await datasets();
  const [first] = all;
  const read = first === undefined ? [] : [await readCheck(first.name, http, columns)];
  const skewMs = http.skewMs();
  const shown = `${numberWords(all.length)} ${all.length === 1 ? 'dataset' : 'datasets'}`;
  const checks: readonly TestCheck[] = [
    { name: 'reach', isOk: true, says: `${title} answers.` },
    ...(auth.kind === 'none' ? [] : [{ name: 'sign-in', isOk: true, says: 'It takes the credential of this connection.' } as const]),
    { name: 'list', isOk: all.length > 0, says: `${shown}${'names' in declaration.datasets ? ', as declared' : ''}.` },
    ...read,
    writeCheck(declaration),
    ...(skewMs === undefined ? [] : [clockCheck(skewMs, toleratedMs, 'set "limits.skew" above that, or set the clock')]),
  ];
  return {
    message: `${title} answers and shows ${shown}.`,
    details: firstOf(all, ({ name }) => name),
    checks,
  };
}

/** A dataset that is not shown is one line of the test; a system that does not answer, or lets nobody in, ends it. */
async function readCheck(dataset: string, http: Http, columns: Probed['columns']): Promise<TestCheck> {
  try {
    const { size } = await columns(dataset);
    return { name: 'read', isOk: true, says: `${dataset} can be read${size === 0 ? '; nothing is in it' : ''}.` };
  } catch (error) {
    const isAbout = error instanceof ConnectorError && http.hasAnswered() && error.code !== 'logged-out' && error.code !== 'cancelled';
    if (!isAbout) throw error;
    return { name: 'read', isOk: false, says: `${error.message} ${error.remedy}` };
  }
}

/** APIs have no common way to tell what an account may do: only a write would show it. */
function writeCheck(declaration: Declaration): TestCheck {
  const kinds = (['create', 'update', 'delete'] as const).filter((kind) => declaration[kind] !== undefined);
  if (kinds.length === 0) return { name: 'write', isOk: true, says: 'Declared to be read only.' };
  return { name: 'write', isOk: true, says: `Declared to ${kinds.join(', ')}; whether this account may, the first write will tell.` };
}
