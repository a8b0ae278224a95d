// The gate of a connection: all requests of all its syncs go through it, so that they share its rate, its pauses and what is known of its health.
import { setTimeout as sleep } from 'node:timers/promises';
import { BrokenCircuitError, ConsecutiveBreaker, DelegateBackoff, circuitBreaker, handleWhen, retry } from 'cockatiel';
import PQueue from 'p-queue';
import { ConnectorError } from '../../connectors/contract.ts';
import type { Quota, Send } from '../../connectors/contract.ts';
import type { ConnectionHealth } from '../../preload/contract/values.ts';
import { pauseAfter } from './patience.ts';
import type { Patience } from './patience.ts';

export interface GateLimits {
  readonly requestsPerSecond?: number;
  /** Requests under way at a time at most. */
  readonly parallel: number;
}

export interface GateSetting {
  readonly name: string;
  readonly limits: GateLimits;
  readonly patience: Patience;
  readonly now: () => number;
  /** As it was last known, from before a restart. */
  readonly health?: ConnectionHealth;
  /** Called when the health changes. */
  readonly onHealth: (health: ConnectionHealth) => void;
}

export interface Gate {
  readonly send: Send;
  /** Takes note of an error that came another way than through `send`. */
  note(error: unknown): void;
  /** The system answered: it is well, and the credential is good. */
  noteSuccess(quota?: Quota): void;
  /** Requests that may be sent side by side now: one more after each round that went well, half after one that did not. */
  readonly width: number;
  widen(): void;
  narrow(): void;
  /** Waits before a step that failed is taken again. Throws the error once patience is over, and at once where waiting is of no use. */
  rest(error: unknown, failures: number, signal: AbortSignal): Promise<void>;
}

/** Refused or failed for the moment: the same may work later. */
export function isPassing(error: unknown): error is ConnectorError {
  return error instanceof ConnectorError && error.recovery === 'retry';
}

export function createGate({ name, limits, patience, now, onHealth, ...known }: GateSetting): Gate {
  const queue = new PQueue({ concurrency: limits.parallel, ...rateOf(limits.requestsPerSecond) });
  const breaker = circuitBreaker(handleWhen(isOutage), {
    halfOpenAfter: patience.restMs,
    breaker: new ConsecutiveBreaker(patience.breakAfter),
  });
  const isWaitable = (error: ConnectorError) => (error.retryAfterMs ?? 0) <= patience.mostMs;
  const pauseFor = ({ code, retryAfterMs }: ConnectorError, failures: number) =>
    Math.max(retryAfterMs ?? 0, pauseAfter(failures, patience, code === 'locked' ? patience.mostLockedMs : patience.mostMs));
  const retrying = (repeats: (error: ConnectorError) => boolean) =>
    retry(
      handleWhen((error) => isPassing(error) && isWaitable(error) && repeats(error)),
      {
        maxAttempts: patience.attempts - 1,
        backoff: new DelegateBackoff(({ attempt, result }) =>
          'error' in result && isPassing(result.error) ? pauseFor(result.error, attempt) : 0,
        ),
      },
    );
  const repeatable = retrying(() => true);
  const single = retrying(isRefused);

  let health: ConnectionHealth = known.health ?? { state: 'ok', since: now() };
  let width = Math.min(2, limits.parallel);
  const become = (state: ConnectionHealth['state'], problem?: ConnectorError, quota = health.quota) => {
    const until = problem?.retryAfterMs === undefined ? undefined : now() + problem.retryAfterMs;
    if (state === health.state && until === health.until && quota?.remaining === health.quota?.remaining) return;
    health = {
      state,
      since: state === health.state ? health.since : now(),
      ...(until === undefined ? {} : { until }),
      ...(problem === undefined ? {} : { message: problem.message, remedy: problem.remedy }),
      ...(quota === undefined ? {} : { quota }),
    };
    onHealth(health);
  };
  const note = (error: unknown) => {
    if (!(error instanceof ConnectorError)) return;
    if (error.code === 'logged-out') become('logged-out', error);
    else if (error.code === 'throttled') become('throttled', error);
    else if (error.code === 'unavailable') become('unavailable', error);
  };
  const holdBack = (error: unknown) => {
    if (!(error instanceof ConnectorError) || error.retryAfterMs === undefined || !isWaitable(error)) return;
    queue.pause();
    setTimeout(() => queue.start(), error.retryAfterMs).unref();
  };
  const attempt = async <T>(request: () => Promise<T>, signal: AbortSignal): Promise<T> => {
    const answer = await queue.add(
      () =>
        breaker.execute(async () => {
          try {
            const value = await request();
            become('ok');
            return { value };
          } catch (error) {
            note(error);
            holdBack(error);
            throw error;
          }
        }),
      { signal },
    );
    return answer.value;
  };

  return {
    async send(request, { signal, isRepeatable }) {
      try {
        return await (isRepeatable ? repeatable : single).execute(() => attempt(request, signal), signal);
      } catch (error) {
        if (error instanceof BrokenCircuitError) throw spared(name, patience);
        if (signal.aborted && !(error instanceof ConnectorError)) throw stopped(name, error);
        throw error;
      }
    },
    note,
    noteSuccess: (quota) => become('ok', undefined, quota),
    get width() {
      return width;
    },
    widen() {
      width = Math.min(limits.parallel, width + 1);
    },
    narrow() {
      width = Math.max(1, Math.floor(width / 2));
    },
    async rest(error, failures, signal) {
      note(error);
      if (!isPassing(error) || !isWaitable(error) || failures >= patience.attempts) throw error;
      await sleep(pauseFor(error, failures), undefined, { signal }).catch((reason: unknown) => {
        if (!signal.aborted) throw reason;
      });
    },
  };
}

/** Takes a step, and takes it again while what stops it is passing and patience lasts. */
export async function withPatience<T>(gate: Gate, signal: AbortSignal, step: () => Promise<T>): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await step();
    } catch (error) {
      await gate.rest(error, failures, signal);
      if (signal.aborted) throw error;
    }
  }
}

/** Nothing was done, so that doing it now is no second time. */
function isRefused(error: ConnectorError): boolean {
  return error.code === 'throttled' || error.code === 'locked';
}

/** The system is down, rather than busy or right to refuse. */
function isOutage(error: unknown): boolean {
  return error instanceof ConnectorError && error.code === 'unavailable';
}

/** Requests in a sliding second; a rate below one a second is one request in a longer time. */
function rateOf(perSecond: number | undefined) {
  if (perSecond === undefined) return {};
  return perSecond >= 1
    ? { interval: 1000, intervalCap: Math.floor(perSecond), strict: true }
    : { interval: Math.ceil(1000 / perSecond), intervalCap: 1, strict: true };
}

function spared(name: string, patience: Patience): ConnectorError {
  return new ConnectorError(
    'unavailable',
    'retry',
    `${name} failed ${patience.breakAfter} times in a row and is left alone for ${Math.round(patience.restMs / 1000)} s.`,
    'Check that it is up and can be reached; the next run tries again.',
  );
}

function stopped(name: string, cause: unknown): ConnectorError {
  return new ConnectorError('cancelled', 'stop-run', `Waiting for ${name} was cancelled.`, 'Start it again when you are ready.', { cause });
}
