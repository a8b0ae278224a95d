// What the place answered, how often it was tried, and what to do.
import type { ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { dateTime } from '../../ui/format.ts';
import { KeyValues, Section } from '../../ui/panel.tsx';
import type { LetterDetail } from './letter-pane.tsx';

export interface LetterAnswerProps {
  readonly letter: LetterDetail;
  readonly now: number;
  readonly onMapping: () => void;
}

export function LetterAnswer({ letter, now, onMapping }: LetterAnswerProps): ReactNode {
  const answer = `${letter.code}\n${letter.message}`;
  return (
    <div className="letter__side">
      <Section title={`What ${letter.endpoint} answered`}>
        <pre className="letter__answer">{answer}</pre>
        <CopyButton text={answer} kind="quiet" />
      </Section>
      <Section title="Attempts">
        <KeyValues rows={letter.attemptList.map(({ at, code }) => [dateTime(at), code] as const)} />
        <p className="t3 sm">{nextWords(letter, now)}</p>
      </Section>
      <Section title="What to do">
        <p className="sm">{letter.remedy}</p>
        <p className="sm t2">An edit here becomes the agreed value and goes to every place. A mapping that fits lets all alike through.</p>
        <Button small keys="m" onPress={onMapping}>
          Open the mapping
        </Button>
      </Section>
    </div>
  );
}

function nextWords({ state, nextAt }: LetterDetail, now: number): string {
  switch (state) {
    case 'retry':
      return 'The next run tries it again.';
    case 'discarded':
      return 'It is not tried again unless the record changes.';
    case 'open':
      return nextAt <= now ? 'The next run tries it again.' : `Runs after ${dateTime(nextAt)} try it again by themselves.`;
  }
}
