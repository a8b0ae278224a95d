// Live progress of one piece of work, with Cancel.
import type { ReactNode } from 'react';
import type { Progress as Work } from '../../preload/contract/runs.ts';
import { ask } from '../api.ts';
import { useAction } from '../use-action.ts';
import { Button } from '../ui/button.tsx';
import { Progress } from '../ui/progress.tsx';
import { phaseWord } from './words.ts';

export function WorkBar({ work }: { readonly work: Work }): ReactNode {
  const [cancel, isCancelling] = useAction(async () => {
    await ask('runs.cancel', { run: work.run });
  });
  const where = work.endpoint === undefined ? '' : ` ${work.endpoint}`;
  return (
    <Progress
      phase={`${phaseWord[work.phase].doing}${where}`}
      done={work.done}
      total={work.total}
      perSecond={work.perSecond}
      remainingMs={work.remainingMs}
      cancel={
        <Button
          small
          kind="quiet"
          busy={isCancelling}
          onPress={cancel}
          title="Stops after the batch under way; what was written stays and is recorded"
        >
          {isCancelling ? 'Cancelling' : 'Cancel'}
        </Button>
      }
    />
  );
}
