// Dead letters in a run: what failed is kept with its payload, waits without stopping anything, and is tried again when that makes sense.
import type { ConnectorError } from '../../connectors/contract.ts';
import { alikeReason } from '../core/model/alike-reason.ts';
import type { Intent } from '../core/model/record.ts';
import type { Value } from '../core/model/value.ts';
import { deadLetterTable } from '../store/tables/dead-letters.ts';
import type { LetterBrief } from '../store/tables/dead-letters.ts';
import type { OperationRow } from '../store/tables/plan-items.ts';
import { digestOf, orderedJson } from './digest.ts';
import type { PlanningTask } from './planning-task.ts';
import type { RunningTask } from './running-task.ts';
import type { EndpointContext, SyncContext } from './sync-context.ts';

/** Grows when an update of the application may let through what a place refused before. */
const writingVersion = 1;

/** Changes with the configuration of the sync and with what writes it: then everything is worth another attempt. */
export function attemptConfig(sync: SyncContext): string {
  return digestOf([writingVersion, orderedJson(sync.config)]);
}

/** The same for two operations that would write the same. */
function payloadOf(kind: string, after: Readonly<Record<string, Value>>): string {
  return digestOf([kind, orderedJson(after)]);
}

export interface LetterBox {
  /** Whether the operation waits as a dead letter instead of being planned. */
  waits(record: number, intent: Intent): boolean;
  /** Call for each decided record with the operations that it needs: what a letter asks for may be needed no more. */
  decided(record: number, intents: readonly Intent[]): void;
  /** Letters whose operation nobody needs any more. */
  moot(): readonly number[];
}

/** The letters of a sync while a plan is made. Held in memory: there are as many as people let there be. */
export function openLetterBox(task: PlanningTask): LetterBox {
  const config = attemptConfig(task.sync);
  const now = task.now();
  const byRecord = new Map<number, LetterBrief[]>();
  for (const letter of deadLetterTable(task.db).waiting(task.sync.id))
    byRecord.set(letter.record, [...(byRecord.get(letter.record) ?? []), letter]);
  const moot = new Set<number>();
  const isDue = (letter: LetterBrief, digest: string) =>
    letter.digest !== digest || letter.state === 'retry' || (letter.state === 'open' && (letter.config !== config || letter.nextAt <= now));
  return {
    waits(record, { kind, endpoint, after }) {
      const letter = byRecord.get(record)?.find((one) => one.endpoint === endpoint);
      return letter !== undefined && !isDue(letter, payloadOf(kind, after));
    },
    decided(record, intents) {
      for (const letter of byRecord.get(record) ?? []) {
        if (intents.some((intent) => intent.endpoint === letter.endpoint)) moot.delete(letter.id);
        else moot.add(letter.id);
      }
    },
    moot: () => [...moot],
  };
}

/** Keeps a refused operation. Call in the transaction that marks it failed. */
export function keepLetter(
  task: RunningTask,
  endpoint: EndpointContext,
  row: OperationRow,
  cells: Readonly<Record<string, string | null>>,
  error: ConnectorError,
): void {
  const after = JSON.parse(row.after) as Record<string, Value>;
  deadLetterTable(task.db).refuse({
    sync: task.sync.id,
    endpoint: endpoint.model.name,
    record: row.record,
    kind: row.kind,
    key: row.key,
    label: row.label,
    before: row.before,
    after: row.after,
    cells: JSON.stringify(cells),
    digest: payloadOf(row.kind, after),
    config: attemptConfig(task.sync),
    code: error.code,
    message: error.message,
    remedy: error.remedy,
    column: error.column ?? null,
    group: alikeReason(error.code, error.message),
    run: task.run,
    at: task.now(),
  });
}
