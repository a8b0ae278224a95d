// The test of a connection to an API says step by step what it found, and writes nothing.
import { expect, test } from 'vitest';
import { expectError, neverAborted } from '../../connectors/conformance/tools.ts';
import type { TestReport } from '../../connectors/contract.ts';
import { testOf } from '../../main/api/connections.ts';
import { openApi, peopleApi, startApi } from './http-api.ts';
import type { Asked, Said } from './http-api.ts';

const people = { body: { data: [{ id: 1, name: 'Ann' }] } };
const stepsOf = ({ checks = [] }: TestReport) => checks.map(({ name, isOk, says }) => `${isOk ? 'ok' : 'wrong'} ${name}: ${says}`);

async function begin(answer: (asked: Asked) => Said, more: Parameters<typeof peopleApi>[0] = {}, token = 'good') {
  const api = await startApi(answer);
  return { ...api, open: () => openApi(api, peopleApi({ auth: { kind: 'bearer' }, ...more }), { secrets: { token } }) };
}

test('an API that works is asked for its datasets and the rows of one', async () => {
  const names = Array.from({ length: 1500 }, (_, at) => `d${at}`);
  const { open, asked } = await begin(({ what }) => (what === 'GET /api/datasets' ? { body: { names } } : people), {
    datasets: { path: '/datasets', at: '/names' },
  });
  const report = await (await open()).test(neverAborted());
  expect(report.message).toBe('CRM answers and shows 1,500 datasets.');
  expect(report.details.slice(-2)).toEqual(['d19', 'and 1,480 more']);
  expect(stepsOf(report)).toEqual([
    'ok reach: CRM answers.',
    'ok sign-in: It takes the credential of this connection.',
    'ok list: 1,500 datasets.',
    'ok read: d0 can be read.',
    'ok write: Declared to create, update, delete; whether this account may, the first write will tell.',
    'ok clock: The clocks agree.',
  ]);
  expect(asked.map(({ what }) => what)).toEqual(['GET /api/datasets', 'GET /api/d0']);
});

test('what is declared is asked for too: nobody is told that a system answers which does not', async () => {
  const { open, url } = await begin(() => people);
  expect(stepsOf(await (await open()).test(neverAborted()))).toContain('ok list: 1 dataset, as declared.');
  const gone = await openApi({ url: url.replace(/\d+$/, '1'), asked: [] }, peopleApi());
  await expectError(gone.test(neverAborted()), 'unavailable', 'CRM');
  const stranger = await begin(() => ({ status: 401 }));
  await expectError((await stranger.open()).test(neverAborted()), 'logged-out');
});

test('a clock that is wrong, a dataset that is empty and an API that is only read are said', async () => {
  const { open } = await begin(() => ({ headers: { date: new Date(Date.now() + 120_000).toUTCString() }, body: { data: [] } }), {
    create: undefined,
    update: undefined,
    delete: undefined,
  });
  const steps = stepsOf(await (await open()).test(neverAborted()));
  expect(steps).toContain('ok read: people can be read; nothing is in it.');
  expect(steps).toContain('ok write: Declared to be read only.');
  expect(steps.at(-1)).toMatch(
    /^wrong clock: The clock of the server is 1(19|20)\.\d s ahead: set "limits\.skew" above that, or set the clock\.$/,
  );
});

test('a dataset that may not be read is one wrong step; the others are looked at all the same', async () => {
  const { open } = await begin(({ what }) => (what === 'GET /api/secret' ? { status: 403 } : people), {
    datasets: { names: ['secret', 'people'] },
  });
  expect(stepsOf(await (await open()).test(neverAborted()))).toContainEqual(expect.stringMatching(/^wrong read: .*secret/));
  const answer = await testOf(open);
  expect(answer).toMatchObject({ ok: true, datasets: [{ name: 'people', columns: 2 }] });
  expect(answer.details).toContainEqual(expect.stringContaining('secret'));

  const none = await begin(() => ({ status: 403 }));
  expect(await testOf(none.open)).toMatchObject({ ok: false, problem: { code: 'no-access' } });
});
