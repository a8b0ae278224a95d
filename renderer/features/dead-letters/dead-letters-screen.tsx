// Dead letters: what keeps failing and why? Left the queue by reason, centre the payload, right what the place answered.
import { useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { useParams } from 'wouter';
import type { Letter } from '../../../preload/contract/dead-letters.ts';
import { ask, useAsk, usePagedAsk } from '../../api.ts';
import { go, useHashSearch, useQuery } from '../../hash-location.ts';
import { useCrumbs } from '../../shell/crumbs.tsx';
import { ScreenBar } from '../../ui/bars.tsx';
import { Facet } from '../../ui/facet.tsx';
import { count } from '../../ui/format.ts';
import { useKeys } from '../../ui/keys.tsx';
import { FoldButton, useFold } from '../../ui/panel.tsx';
import { queueLayout } from '../../ui/queue-layout.ts';
import { QueuePanel } from '../../ui/queue-panel.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx';
import { Badge } from '../../ui/status.tsx';
import { useNow } from '../../ui/use-now.ts';
import { LetterEntry } from './letter-entry.tsx';
import { LetterPane } from './letter-pane.tsx';
import './dead-letters.css';

export function DeadLettersScreen(): ReactNode {
  const { id } = useParams<{ readonly id?: string }>();
  const search = useHashSearch();
  const [text, setText] = useQuery('text');
  const [sync] = useQuery('sync');
  const [shown, setShown] = useQuery('shown');
  const fold = useFold();
  const now = useNow();
  const state = shown === 'discarded' ? ('discarded' as const) : ('waiting' as const);
  const filter = { state, ...(text === '' ? {} : { text }), ...(sync === '' ? {} : { sync }) };
  const name = JSON.stringify(filter);
  const list = useAsk('deadLetters.list', { ...filter, offset: 0, limit: 1 });
  const source = usePagedAsk<Letter>(`letters ${name}`, (offset, limit) =>
    ask('deadLetters.list', { ...(JSON.parse(name) as typeof filter), offset, limit }),
  );
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const layout = useMemo(() => queueLayout(list.data?.groups ?? [], folded), [list.data, folded]);
  const total = list.data?.total ?? 0;
  const [rank, setRank] = useState(0);
  const standing = Math.max(0, Math.min(rank, total - 1));
  const asked = id === undefined ? undefined : Number(id);
  const current = source.at(standing)?.id === asked || asked === undefined ? source.at(standing)?.id : asked;
  useCrumbs([{ title: 'Dead letters' }]);

  const open = (letter: number, at: number): void => {
    setRank(at);
    go(`/dead-letters/${letter}${search === '' ? '' : `?${search}`}`, { replace: true });
  };
  const step = (by: number): void => {
    const next = Math.max(0, Math.min(total - 1, standing + by));
    const letter = source.at(next);
    if (letter !== undefined) open(letter.id, next);
  };
  /** The letter went through or was discarded: what stands in its place is shown. */
  const leave = (): void => go(`/dead-letters${search === '' ? '' : `?${search}`}`, { replace: true });
  useEffect(() => source.want(Math.max(0, standing - 1), standing + 1), [source, standing]);
  useKeys(
    'Dead letters',
    [
      { keys: ['j', 'ArrowDown'], label: 'move', shown: ['j', 'k'], hint: true, repeats: true, run: () => step(1) },
      { keys: ['k', 'ArrowUp'], label: 'move back', unlisted: true, repeats: true, run: () => step(-1) },
    ],
    { active: total > 0 },
  );

  if (list.problem !== undefined) return <ErrorState problem={list.problem} onRetry={list.again} />;
  if (list.data === undefined) return <SkeletonRows height={48} />;
  const { waiting, discarded } = list.data;
  if (waiting === 0 && discarded === 0) return <NoneWaits />;
  return (
    <>
      <ScreenBar title="Dead letters">
        <FoldButton fold={fold} label="Queue" icon="filter" of="queue" />
        <Badge tone={waiting > 0 ? 'failed' : 'idle'}>{count(waiting)} waiting</Badge>
        <span className="t3 sm hide-m">Other records go on. Nothing here is dropped by age.</span>
        <span className="vr hide-m" />
        <Facet pressed={state === 'waiting'} count={waiting} onPress={() => setShown('')}>
          Waiting
        </Facet>
        <Facet pressed={state === 'discarded'} count={discarded} onPress={() => setShown('discarded')}>
          Discarded
        </Facet>
      </ScreenBar>
      <div className="letters">
        <QueuePanel
          layout={layout}
          source={source}
          rank={total === 0 ? undefined : standing}
          current={current}
          entry={(props) => <LetterEntry {...props} now={now} />}
          text={text}
          onText={setText}
          onFold={(group) =>
            setFolded((was) => {
              const next = new Set(was);
              if (!next.delete(group)) next.add(group);
              return next;
            })
          }
          onOpen={(letter, at) => {
            open(letter, at);
            fold.close();
          }}
          fold={fold}
        />
        {current === undefined ? (
          <section className="pane" aria-label="Dead letter">
            {total === 0 ? <p className="letters__none t2">Nothing here.</p> : <SkeletonRows height={48} />}
          </section>
        ) : (
          <LetterPane key={current} id={current} now={now} onLeave={leave} />
        )}
      </div>
    </>
  );
}

/** Teaches what dead letters are. */
function NoneWaits(): ReactNode {
  return (
    <>
      <ScreenBar title="Dead letters">
        <Badge>0 waiting</Badge>
      </ScreenBar>
      <EmptyState title="No record keeps failing">
        When a place refuses a record, because a value is too long or a rule of a database is broken, the record waits here with everything
        that is known of the failure. All other records go on. Mend the value, the mapping or the place, and try it again.
      </EmptyState>
    </>
  );
}
