// The streams of the engine: what runs now, and the figures that change whenever a list on screen may be stale.
import type { engineTopics, TopicMessage } from '../../preload/contract/index.ts';
import type { Workspace } from '../engine/workspace.ts';
import { conflictQueueTable } from '../store/tables/queries/conflict-queue.ts';
import { letterQueueTable } from '../store/tables/queries/letter-queue.ts';
import { runListTable } from '../store/tables/queries/run-list.ts';
import { simulationBoard } from './simulation-board.ts';
import { countUndecided } from './workspace.ts';

type Name = keyof typeof engineTopics;

/** Messages of one stream are at least this far apart: at most 20 a second. */
const minGapMs = 50;

export interface Topics {
  /** Sends a snapshot at once, then each new state. Undefined where there is no such stream. */
  subscribe(topic: string, send: (message: unknown) => void): (() => void) | undefined;
}

export function createTopics(workspace: Workspace): Topics {
  const queue = conflictQueueTable(workspace.db);
  const letters = letterQueueTable(workspace.db);
  const runs = runListTable(workspace.db);
  let savedAt = Math.max(workspace.configuration().at, runs.lastMoment());
  workspace.onChange(() => {
    savedAt = workspace.now();
  });
  const sources: { readonly [Topic in Name]: Source<TopicMessage<Topic>> } = {
    progress: { now: () => [...workspace.progress.now()], listen: (listener) => workspace.progress.listen(listener) },
    changes: {
      now: () => ({
        version: workspace.version(),
        conflicts: countUndecided(queue.bySync()),
        deadLetters: letters.counts().reduce((sum, row) => sum + (row.state === 'discarded' ? 0 : row.count), 0),
        syncs: Object.keys(workspace.configuration().body.syncs).length,
        running: runs.countRunning(),
        savedAt,
      }),
      listen: (listener) => workspace.onChange(listener),
    },
    simulation: simulationBoard(workspace),
  };
  return {
    subscribe(topic, send) {
      if (!Object.hasOwn(sources, topic)) return undefined;
      return follow(sources[topic as Name], send);
    },
  };
}

export interface Source<Message> {
  now(): Message;
  listen(listener: () => void): () => void;
}

/** A snapshot at once; then states no closer together than the gap, and always the last one. Returns the way to stop. */
export function follow<Message>(source: Source<Message>, send: (message: Message) => void, gapMs = minGapMs): () => void {
  let timer: NodeJS.Timeout | undefined;
  let isStale = false;
  const tell = () => {
    isStale = false;
    timer = setTimeout(settle, gapMs);
    send(source.now());
  };
  const settle = () => {
    timer = undefined;
    if (isStale) tell();
  };
  const stop = source.listen(() => {
    if (timer === undefined) tell();
    else isStale = true;
  });
  tell();
  return () => {
    stop();
    clearTimeout(timer);
    isStale = false;
  };
}
