// The gate of a connection: its rate, its pauses, what is sent again and what never is, and the health it tells.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectorError } from '../../connectors/shared/errors.ts';
import { createGate } from '../../main/engine/gate.ts';
import type { Gate, GateSetting } from '../../main/engine/gate.ts';
import type { ConnectionHealth } from '../../preload/contract/values.ts';

const patience = { attempts: 4, firstMs: 100, mostMs: 1000, mostLockedMs: 1000, breakAfter: 50, restMs: 5000 };
const read = { isRepeatable: true, signal: new AbortController().signal };
const write = { ...read, isRepeatable: false };

const down = () => connectorError('unavailable', 'It does not answer.', 'Wait.');
const busy = (retryAfterMs: number) => connectorError('throttled', 'Too many requests.', 'Wait.', undefined, { retryAfterMs });

function gateOf(setting: Partial<GateSetting> = {}): { readonly gate: Gate; readonly health: ConnectionHealth['state'][] } {
  const health: ConnectionHealth['state'][] = [];
  const gate = createGate({
    name: 'shop',
    limits: { parallel: 8 },
    patience,
    now: Date.now,
    onHealth: ({ state }) => void health.push(state),
    ...setting,
  });
  return { gate, health };
}

/** A request that fails with these errors, one after the other, and then answers; with the moments at which it was sent. */
function failing(...errors: readonly Error[]) {
  const left = [...errors];
  const sent: number[] = [];
  const request = async () => {
    sent.push(Date.now());
    const error = left.shift();
    if (error !== undefined) throw error;
    return 'answer';
  };
  return { request, sent };
}

async function settled<T>(work: Promise<T>): Promise<PromiseSettledResult<T>> {
  const [result] = await Promise.all([Promise.allSettled([work]).then(([one]) => one), vi.runAllTimersAsync()]);
  return result;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('the gate of a connection', () => {
  it('keeps the rate over all that goes through it', async () => {
    const { gate } = gateOf({ limits: { parallel: 8, requestsPerSecond: 10 } });
    const { request, sent } = failing();
    await settled(Promise.all(Array.from({ length: 35 }, () => gate.send(request, read))));
    expect(sent).toHaveLength(35);
    for (const from of sent) expect(sent.filter((at) => at >= from && at < from + 1000).length).toBeLessThanOrEqual(10);
  });

  it('sends a repeatable request again after pauses that grow, at random inside a bound', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.999);
    const { gate, health } = gateOf();
    const { request, sent } = failing(down(), down(), down());
    expect(await settled(gate.send(request, read))).toMatchObject({ value: 'answer' });
    const pauses = sent.slice(1).map((at, index) => at - (sent[index] ?? 0));
    for (const [index, pause] of pauses.entries()) {
      expect(pause).toBeLessThanOrEqual(100 * 2 ** index);
      expect(pause).toBeGreaterThan(90 * 2 ** index);
    }
    expect(health).toEqual(['unavailable', 'ok']);
  });

  it('gives up after its attempts', async () => {
    const { gate } = gateOf();
    const { request, sent } = failing(...Array.from({ length: 9 }, down));
    expect(await settled(gate.send(request, read))).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } });
    expect(sent).toHaveLength(patience.attempts);
  });

  it('never sends a write again that may have taken effect, and does so where it was only refused', async () => {
    const { gate } = gateOf();
    const lost = failing(down());
    expect(await settled(gate.send(lost.request, write))).toMatchObject({ status: 'rejected' });
    expect(lost.sent).toHaveLength(1);
    const refused = failing(busy(10), busy(10));
    expect(await settled(gate.send(refused.request, write))).toMatchObject({ value: 'answer' });
    expect(refused.sent).toHaveLength(3);
  });

  it('leaves the system alone for as long as it asks, whoever wants to send', async () => {
    const { gate, health } = gateOf();
    const first = failing(busy(700));
    const begun = Date.now();
    const work = gate.send(first.request, read);
    await vi.advanceTimersByTimeAsync(1);
    const other = failing();
    await settled(Promise.all([work, gate.send(other.request, read)]));
    expect(first.sent[1]).toBeGreaterThanOrEqual(begun + 700);
    expect(other.sent[0]).toBeGreaterThanOrEqual(begun + 700);
    expect(health).toEqual(['throttled', 'ok']);
  });

  it('does not wait for a pause that is too long', async () => {
    const { gate } = gateOf();
    const { request, sent } = failing(busy(60_000));
    expect(await settled(gate.send(request, read))).toMatchObject({ status: 'rejected', reason: { code: 'throttled' } });
    expect(sent).toHaveLength(1);
  });

  it('spares a system that failed many times in a row, then tries once', async () => {
    const { gate } = gateOf({ patience: { ...patience, breakAfter: 3 } });
    const broken = failing(down(), down(), down());
    for (let at = 0; at < 3; at += 1) await settled(gate.send(broken.request, write));
    const result = await settled(gate.send(broken.request, write));
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'unavailable', recovery: 'retry' } });
    expect(broken.sent).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(patience.restMs);
    expect(await settled(gate.send(broken.request, write))).toMatchObject({ value: 'answer' });
  });

  it('tells that the login expired until an answer comes, and asks once', async () => {
    const { gate, health } = gateOf();
    const { request, sent } = failing(connectorError('logged-out', 'The token has expired.', 'Sign in.'));
    expect(await settled(gate.send(request, read))).toMatchObject({ status: 'rejected', reason: { code: 'logged-out' } });
    expect(sent).toHaveLength(1);
    await settled(gate.send(request, read));
    expect(health).toEqual(['logged-out', 'ok']);
  });

  it('stops waiting when it is cancelled', async () => {
    const { gate } = gateOf({ limits: { parallel: 1 } });
    const abort = new AbortController();
    const never = new Promise<string>(() => undefined);
    void gate.send(() => never, read);
    const waiting = gate.send(async () => 'late', { ...read, signal: abort.signal });
    abort.abort();
    expect(await settled(waiting)).toMatchObject({ status: 'rejected', reason: { code: 'cancelled' } });
  });

  it('sends one more side by side after each good round, and half as many after a bad one', () => {
    const { gate } = gateOf();
    const widths = [gate.width];
    for (let round = 0; round < 9; round += 1) {
      gate.widen();
      widths.push(gate.width);
    }
    expect(widths).toEqual([2, 3, 4, 5, 6, 7, 8, 8, 8, 8]);
    gate.narrow();
    expect(gate.width).toBe(4);
    for (let round = 0; round < 5; round += 1) gate.narrow();
    expect(gate.width).toBe(1);
  });
});
