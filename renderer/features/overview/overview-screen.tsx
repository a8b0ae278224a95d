// What needs me? The things that wait for a person in the order of harm, and below them the last runs and writes on one time axis.
import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { useAsk } from '../../api.ts';
import { useQuery } from '../../hash-location.ts';
import { useCrumbs } from '../../shell/crumbs.tsx';
import { ScreenBar } from '../../ui/bars.tsx';
import { counted } from '../../ui/format.ts';
import { Select } from '../../ui/select.tsx';
import { ErrorState, SkeletonRows } from '../../ui/states.tsx';
import { useNow } from '../../ui/use-now.ts';
import { Contested, Sources } from './bars.tsx';
import { Lanes } from './lanes.tsx';
import { Needs } from './needs.tsx';
import { overviewQuestion, spans } from './question.ts';
import { WrittenChart } from './written-chart.tsx';
import './overview.css';

export function OverviewScreen(): ReactNode {
  useCrumbs([{ title: 'Overview' }]);
  const [span, setSpan] = useQuery('span');
  const [selected, setSelected] = useState(0);
  const question = overviewQuestion(span);
  const { sinceMs } = question;
  const asked = useAsk('overview.get', question);
  const now = useNow();
  const range = useMemo(() => ({ from: now - sinceMs, to: now }), [now, sinceMs]);
  const data = asked.data;
  return (
    <>
      <ScreenBar title="Overview" actions={<Select label="Span" quiet value={span} onChange={setSpan} options={spans} />}>
        {data === undefined ? null : (
          <span className="t2 hide-s">
            {data.needs.length === 0
              ? 'nothing needs you'
              : `${counted(data.needs.length, 'thing')} ${data.needs.length === 1 ? 'needs' : 'need'} you`}
          </span>
        )}
      </ScreenBar>
      {data === undefined ? (
        asked.problem === undefined ? (
          <SkeletonRows height={40} />
        ) : (
          <ErrorState problem={asked.problem} onRetry={asked.again} />
        )
      ) : (
        <div className="scroll">
          <div className="overview">
            <Needs needs={data.needs} now={now} selected={selected} onSelect={setSelected} />
            <section className="overview__side">
              <Contested fields={data.contested} />
              <Sources sources={data.sources} />
            </section>
            <section className="overview__time">
              <Lanes lanes={data.lanes} range={range} />
              <WrittenChart slots={data.written} range={range} />
            </section>
          </div>
        </div>
      )}
    </>
  );
}
