// One dead letter: what would be written, what the place answered, and what can be done about it.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { CallOutput } from '../../../preload/contract/index.ts';
import type { WireValue } from '../../../preload/contract/values.ts';
import { ask, asProblem, useAsk } from '../../api.ts';
import { go } from '../../hash-location.ts';
import { useAction } from '../../use-action.ts';
import { ActionBar, Notice } from '../../ui/bars.tsx';
import { Button } from '../../ui/button.tsx';
import { count, counted, dateTime } from '../../ui/format.ts';
import { useKeys } from '../../ui/keys.tsx';
import { ErrorState, SkeletonRows } from '../../ui/states.tsx';
import { useToast } from '../../ui/toast.tsx';
import { DiscardDialog } from './discard-dialog.tsx';
import { LetterAnswer } from './letter-answer.tsx';
import { LetterFields } from './letter-fields.tsx';
import { RetryDialog } from './retry-dialog.tsx';

export type LetterDetail = CallOutput<'deadLetters.get'>;

export interface LetterPaneProps {
  readonly id: number;
  readonly now: number;
  /** The letter is not here any more. */
  readonly onLeave: () => void;
}

export function LetterPane({ id, now, onLeave }: LetterPaneProps): ReactNode {
  const asked = useAsk('deadLetters.get', { id });
  const letter = asked.data;
  if (letter !== undefined) return <LetterView letter={letter} now={now} onLeave={onLeave} />;
  return (
    <section className="pane" aria-label="Dead letter">
      {asked.problem === undefined ? (
        <SkeletonRows height={48} />
      ) : asked.problem.code === 'unknown-dead-letter' ? (
        <Settled message={asked.problem.message} onLeave={onLeave} />
      ) : (
        <ErrorState problem={asked.problem} onRetry={asked.again} />
      )}
    </section>
  );
}

function Settled({ message, onLeave }: { readonly message: string; readonly onLeave: () => void }): ReactNode {
  return (
    <div className="letters__none">
      <p className="t2">{message}</p>
      <Button onPress={onLeave}>Next dead letter</Button>
    </div>
  );
}

function LetterView({
  letter,
  now,
  onLeave,
}: {
  readonly letter: LetterDetail;
  readonly now: number;
  readonly onLeave: () => void;
}): ReactNode {
  const toast = useToast();
  const [editing, setEditing] = useState<string | undefined>(undefined);
  const [dialog, setDialog] = useState<'none' | 'alike' | 'discard'>('none');
  const isDiscarded = letter.state === 'discarded';
  const start = async (which: Parameters<typeof ask<'deadLetters.retry'>>[1]): Promise<void> => {
    const { count: many, syncs } = await ask('deadLetters.retry', which);
    const runs = await Promise.all(syncs.map((sync) => ask('runs.start', { sync })));
    const [first] = runs;
    toast({
      message: `${counted(many, 'dead letter')} tried again.`,
      icon: 'retry',
      ...(first === undefined ? {} : { action: { label: `Run ${count(first.run)}`, run: () => go(`/runs/${first.run}`) } }),
    });
  };
  const [retry, isRetrying] = useAction(() => start({ ids: [letter.id] }));
  const [retryAlike] = useAction(() => start({ alike: letter.id }));
  const save = async (field: string, value: WireValue): Promise<string | undefined> => {
    try {
      await ask('deadLetters.edit', { id: letter.id, field, value });
      setEditing(undefined);
      await start({ ids: [letter.id] });
      return undefined;
    } catch (error) {
      const problem = asProblem(error);
      return `${problem.message} ${problem.remedy}`;
    }
  };
  const fault = letter.fields.find((field) => field.isAtFault) ?? letter.fields[0];
  const openMapping = (): void => go(`/syncs/${encodeURIComponent(letter.sync)}/mapping`);
  useKeys('Dead letter', [
    { keys: 'e', label: 'edit', hint: true, run: () => setEditing(fault?.field) },
    { keys: 'r', label: 'retry', hint: true, run: retry },
    { keys: 'a', label: 'all alike', hint: 'optional', run: () => setDialog('alike') },
    { keys: 'm', label: 'mapping', hint: 'optional', run: openMapping },
    { keys: 'Delete', label: 'discard', hint: 'optional', run: () => setDialog('discard') },
  ]);
  return (
    <section className="pane letter" aria-label="Dead letter">
      <div className="letter__head">
        <h2 className="clip">{letter.label}</h2>
        <div className="letter__meta xs t3">
          {letter.key.length === 0 ? null : <span className="v">{letter.key.join(', ')}</span>}
          <span>
            {letter.syncTitle} → {letter.endpoint} · {letter.kind} · stage: write · first failed {dateTime(letter.since)}
          </span>
          <Link className="link" href={`/runs/${letter.firstRun}`}>
            run {count(letter.firstRun)}
          </Link>
        </div>
      </div>
      <Notice tone={isDiscarded ? 'held' : 'failed'} icon={isDiscarded ? 'cancelled' : 'letter'} what={letter.message}>
        {letter.discarded === undefined
          ? `Nothing of it was written at ${letter.endpoint}; what was there stays.`
          : `Discarded by ${letter.discarded.by}: ${letter.discarded.reason}`}
      </Notice>
      <div className="letter__body">
        <LetterFields letter={letter} editing={editing} onEdit={setEditing} onSave={save} />
        <LetterAnswer letter={letter} now={now} onMapping={openMapping} />
      </div>
      <ActionBar>
        <Button kind="primary" keys="r" busy={isRetrying} onPress={retry}>
          {isDiscarded ? 'Take it up and retry' : 'Retry'}
        </Button>
        <Button
          keys="e"
          disabledBecause={letter.kind === 'delete' ? 'A delete writes no values' : undefined}
          onPress={() => setEditing(fault?.field)}
        >
          Edit
        </Button>
        <Button keys="a" onPress={() => setDialog('alike')}>
          Retry all alike ({count(letter.alike)})
        </Button>
        <span className="grow" />
        {isDiscarded ? null : (
          <Button kind="danger" keys="Delete" onPress={() => setDialog('discard')}>
            Discard with a reason
          </Button>
        )}
      </ActionBar>
      {dialog === 'alike' ? <RetryDialog letter={letter} onConfirm={retryAlike} onClose={() => setDialog('none')} /> : null}
      {dialog === 'discard' ? <DiscardDialog letter={letter} onDone={onLeave} onClose={() => setDialog('none')} /> : null}
    </section>
  );
}
