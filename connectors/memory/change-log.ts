// The log of changes of a store: which keys were touched, whoever did it. It is written when somebody asks where it stands, from what is otherwise
// than it was then.
import type { ChangeLog, DatasetRef, LogPage, LogStart, NativeKey } from '../contract.ts';
import { connectorError, throwIfCancelled } from '../shared/errors.ts';
import { keyId } from '../shared/keys.ts';
import type { Faults, LogFault } from './faults.ts';
import type { MemoryLog, Seen } from './log-state.ts';
import type { MemoryStore } from './store.ts';
import { keyOfRow } from './store.ts';

export interface LogSetting {
  readonly name: string;
  readonly store: MemoryStore;
  readonly keysPerPage: number;
  readonly faults: Faults | undefined;
}

export function createChangeLog({ name, store, keysPerPage, faults }: LogSetting): ChangeLog {
  const { log } = store;
  /** Refuses the call, or says what goes wrong with it. */
  const asked = (what: 'start' | 'keys' | 'confirm' | 'end', signal: AbortSignal): LogFault | undefined => {
    throwIfCancelled(signal, `The log of changes of ${name}`);
    if (faults?.refuses?.({ store: name, asked: 'log' }) === true) throw brokenError(name);
    return faults?.onLog?.({ store: name, what });
  };
  return {
    async start(ref, consumer, { since, mayBegin, signal }) {
      const fault = asked('start', signal);
      if (fault === 'break') throw brokenError(name);
      if (fault === 'purged') purge(log);
      if (fault === 'dropped') log.consumers.delete(consumer);
      notice(store, ref);
      const start = look(log, consumer, since, mayBegin);
      if (start?.reachesBack === true) faults?.onLogRead?.({ store: name });
      return start;
    },
    async *keys(ref, consumer, { since, until, signal }) {
      const fault = asked('keys', signal);
      if (fault === 'purged' || fault === 'dropped' || !reachesBack(log, consumer, since)) {
        yield { keys: [], lost: 'its log of changes was let go' };
        return;
      }
      const [from, to] = [placeIn(log, since) ?? 0, placeIn(log, until) ?? 0];
      const keys = log.entries.filter(({ at, dataset }) => dataset === ref.dataset && at > from && at <= to).map(({ key }) => key);
      for (const page of pagesOf(keys, keysPerPage, fault === 'repeated')) {
        yield page;
        if (fault === 'break') throw brokenError(name);
      }
      if (fault === 'break') throw brokenError(name);
    },
    async confirm(consumer, until, signal) {
      const fault = asked('confirm', signal);
      if (fault === 'break') throw brokenError(name);
      const [place, before] = [placeIn(log, until), log.consumers.get(consumer)];
      if (place !== undefined && before !== undefined) log.consumers.set(consumer, Math.max(before, place));
      const needed = Math.min(...log.consumers.values());
      log.entries = log.entries.filter(({ at }) => at > needed);
      if (fault !== undefined) throw brokenError(name); // done, and its answer is lost
      return until;
    },
    async end(consumer, signal) {
      if (asked('end', signal) !== undefined) throw brokenError(name);
      log.consumers.delete(consumer);
    },
  };
}

function purge(log: MemoryLog): void {
  log.generation += 1;
  log.entries = [];
}

function look(log: MemoryLog, consumer: string, since: string | undefined, mayBegin: boolean): LogStart | undefined {
  const until = `${log.generation} ${log.last}`;
  if (!log.consumers.has(consumer)) {
    if (!mayBegin) return undefined;
    log.consumers.set(consumer, log.last);
    return { until, reachesBack: false, ...(since === undefined ? {} : { why: 'its log of changes is gone' }) };
  }
  if (since === undefined) return { until, reachesBack: false };
  if (reachesBack(log, consumer, since)) return { until, reachesBack: true };
  return { until, reachesBack: false, why: 'its log of changes was let go, or read on from elsewhere' };
}

function reachesBack(log: MemoryLog, consumer: string, since: string): boolean {
  const [place, confirmed] = [placeIn(log, since), log.consumers.get(consumer)];
  return place !== undefined && confirmed !== undefined && place >= confirmed && place <= log.last;
}

/** Undefined for a token of a log that was let go. */
function placeIn({ generation }: MemoryLog, token: string): number | undefined {
  const [of, place] = token.split(' ');
  return Number(of) === generation ? Number(place) : undefined;
}

/** Writes down what is otherwise than it was. */
function notice({ tables, log }: MemoryStore, { dataset, key: columns }: DatasetRef): void {
  const rows = tables.get(dataset)?.rows ?? [];
  const now = new Map<string, Seen>();
  for (const row of rows) {
    const key = keyOfRow(row, columns);
    const before = now.get(keyId(key));
    now.set(keyId(key), { key, text: `${before?.text ?? ''}${JSON.stringify(row, bigintText)}` });
  }
  const before = log.seen.get(dataset) ?? new Map<string, Seen>();
  const touched = new Map([...before, ...now]);
  for (const [id, { key }] of touched) {
    if (before.get(id)?.text === now.get(id)?.text) continue;
    log.last += 1;
    log.entries = [...log.entries, { at: log.last, dataset, key }];
  }
  log.seen.set(dataset, now);
}

function bigintText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}

function* pagesOf(keys: readonly NativeKey[], most: number, isRepeated: boolean): Generator<LogPage> {
  for (let start = 0; start < keys.length; start += most) {
    const page = { keys: keys.slice(start, start + most) };
    yield page;
    if (isRepeated) yield page;
  }
}

function brokenError(name: string) {
  return connectorError('unavailable', `The connection to ${name} broke.`, 'Run again.');
}
