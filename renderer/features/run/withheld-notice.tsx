// A run that met a limit: what was withheld, and the approval that lets it through in the next run.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { ask } from '../../api.ts';
import { go } from '../../hash-location.ts';
import { useAction } from '../../use-action.ts';
import { Notice } from '../../ui/bars.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { counted } from '../../ui/format.ts';
import type { RunDetail } from './run-filter.ts';
import { addWithheld, approvalOf, withheldWords } from './withheld.ts';
import type { WithheldCounts } from './withheld.ts';

const PAGE = 1_000;

async function countWithheld({ id: run, paused }: RunDetail): Promise<WithheldCounts> {
  let counts: WithheldCounts = { ...addWithheld([]), cells: paused.reduce((sum, one) => sum + one.cells, 0) };
  for (let offset = 0; ; offset += PAGE) {
    const { total, items } = await ask('runs.items', { run, kind: 'withheld', offset, limit: PAGE });
    counts = addWithheld(items, counts);
    if (offset + PAGE >= total) return counts;
  }
}

export function WithheldNotice({ run, onShow }: { readonly run: RunDetail; readonly onShow: () => void }): ReactNode {
  const [counts, setCounts] = useState<WithheldCounts | undefined>(undefined);
  const [first] = run.paused;
  const more = run.counts.withheld - 1;
  const [look, isLooking] = useAction(async () => setCounts(await countWithheld(run)));
  return (
    <>
      <Notice
        tone="held"
        icon="held"
        what={first === undefined ? `${counted(run.counts.withheld, 'write')} withheld.` : `${first.why}.`}
        action={
          <>
            <Button small onPress={onShow}>
              Show them
            </Button>
            {run.later === undefined ? (
              <Button small busy={isLooking} onPress={look}>
                Approve
              </Button>
            ) : null}
          </>
        }
      >
        {first === undefined
          ? 'More than the limit of this sync allows; nothing of it was written.'
          : `The field pauses there and everything else goes on. ${more > 0 ? `${counted(more, 'more thing')} withheld.` : ''}`}
      </Notice>
      {counts === undefined ? null : <ApproveDialog run={run} counts={counts} onClose={() => setCounts(undefined)} />}
    </>
  );
}

function ApproveDialog({
  run,
  counts,
  onClose,
}: {
  readonly run: RunDetail;
  readonly counts: WithheldCounts;
  readonly onClose: () => void;
}): ReactNode {
  const words = withheldWords(counts);
  const [approve, isStarting] = useAction(async () => {
    const started = await ask('runs.start', { sync: run.sync, approve: approvalOf(counts) });
    onClose();
    go(`/runs/${started.run}`);
  });
  return (
    <Dialog
      title={`Let ${words} through?`}
      onClose={onClose}
      foot={
        <>
          <span data-autofocus>
            <Button keys="Escape" onPress={onClose}>
              Keep them withheld
            </Button>
          </span>
          <Button kind="primary" busy={isStarting} onPress={approve}>
            Run with {words}
          </Button>
        </>
      }
    >
      <p>
        A new run reads everything again and plans anew. Its limit is lifted once, up to this number and no further; what changed meanwhile
        counts as well.
      </p>
    </Dialog>
  );
}
