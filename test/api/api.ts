// The API over a real workspace, asked as a window asks: by name, with every answer held to its declared shape.
import { createDispatch } from '../../main/api/dispatch.ts';
import { createHandlers } from '../../main/api/handlers.ts';
import type { Problem } from '../../preload/contract/errors.ts';
import type { CallInput, CallOutput, EngineCallName } from '../../preload/contract/index.ts';
import { customers, ledgerTable, shopFile } from '../harness/two-places.ts';
import { createPlace } from '../harness/workspace.ts';
import type { PlaceOptions, TestPlace } from '../harness/workspace.ts';

export interface Api {
  ask<Name extends EngineCallName>(name: Name, input: CallInput<Name>): Promise<CallOutput<Name>>;
  /** The problem with which a question is refused. */
  refusal(name: string, input: unknown): Promise<Problem>;
}

export function apiOf(place: TestPlace): Api {
  const report = (error: unknown) => {
    throw error;
  };
  const dispatch = createDispatch(createHandlers({ workspace: place.workspace, report }), true);
  return {
    async ask<Name extends EngineCallName>(name: Name, input: CallInput<Name>) {
      const answer = await dispatch(name, input);
      if (!answer.ok) throw new Error(`${name}: ${answer.problem.code}: ${answer.problem.message} ${answer.problem.detail ?? ''}`);
      return answer.value as CallOutput<Name>;
    },
    async refusal(name, input) {
      const answer = await dispatch(name, input);
      if (answer.ok) throw new Error(`${name} was answered: ${JSON.stringify(answer.value)}`);
      return answer.problem;
    },
  };
}

/** Two places with three customers in the shop and two in the ledger; Ann is in both. */
export async function twoPlaces(overrides: Readonly<Record<string, unknown>> = {}, options: PlaceOptions = {}): Promise<TestPlace> {
  const place = await createPlace(customers(overrides), { 'shop.csv': shopFile }, options);
  place.sql(
    'ledger.db',
    ledgerTable,
    "INSERT INTO people VALUES (10, 'ANN@example.org', 'Ann', 'Oslo', '10'), (11, 'dot@example.org', 'Dot', 'Lima', '7.25')",
  );
  return place;
}

/** After a first run: Bob's and Cy's names differ on both sides, Bob's town changed in the shop only. */
export async function contested(): Promise<TestPlace> {
  const place = await twoPlaces();
  await place.run('customers');
  place.write('shop.csv', place.read('shop.csv').replace('Bob,Rome', 'Rob,Turin').replace('Cy,', 'Cyrus,'));
  place.sql('ledger.db', "UPDATE people SET name = 'Robert' WHERE nr = 12", "UPDATE people SET name = 'Cyril' WHERE nr = 13");
  await place.run('customers');
  return place;
}
