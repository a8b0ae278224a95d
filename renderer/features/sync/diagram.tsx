// The endpoints of a sync around its record, with the counts of the last run on the arrows.
import { useLayoutEffect, useRef, useState } from 'react';
import type { CSSProperties, ReactNode } from 'react';
import { Link } from 'wouter';
import type { CallOutput } from '../../../preload/contract/index.ts';
import { connectorIcon } from '../../shell/words.ts';
import { count, counted } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { useMedia } from '../../ui/use-media.ts';
import { layoutOf } from './diagram-layout.ts';
import type { Box, Wire } from './diagram-layout.ts';

export type SyncDetail = CallOutput<'syncs.get'>;

const words = { read: 'read', write: 'written', withheld: 'withheld' } as const;

export function Diagram({ sync }: { readonly sync: SyncDetail }): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const isMedium = useMedia('(max-width: 1180px)');
  const isSmall = useMedia('(max-width: 860px)');
  const isLow = useMedia('(max-height: 640px)');
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    setWidth(element.clientWidth);
    return () => observer.disconnect();
  }, []);
  const flowOf = (name: string) => sync.flows.find((flow) => flow.endpoint === name);
  const wanted = sync.endpoints.map((endpoint) => ({
    reads: endpoint.reads,
    writes: endpoint.writes,
    withheld: (flowOf(endpoint.name)?.withheld ?? 0) > 0,
  }));
  const layout = layoutOf(width, wanted, {
    node: isSmall ? 140 : isMedium ? 180 : 212,
    hub: isSmall ? 140 : isMedium ? 188 : 196,
    row: isLow ? 96 : isSmall ? 104 : 128,
  });
  const numberOf = (wire: Wire): number => {
    const flow = flowOf(sync.endpoints[wire.endpoint]?.name ?? '');
    if (flow === undefined) return 0;
    return wire.kind === 'read' ? flow.changed : wire.kind === 'write' ? flow.written : flow.withheld;
  };
  const names = sync.endpoints.map((endpoint) => endpoint.name).join(', ');
  const runPath = sync.lastRun === undefined ? undefined : `/runs/${sync.lastRun.id}`;
  return (
    <section
      className={isLow ? 'diagram diagram--low' : 'diagram'}
      ref={frame}
      style={{ height: layout.height }}
      aria-label={`${names} around the record of ${sync.title}`}
    >
      {width === 0 ? null : (
        <>
          <svg className="diagram__wires" width={width} height={layout.height} aria-hidden="true">
            <defs>
              {(['line', 'held'] as const).map((tone) => (
                <marker
                  key={tone}
                  id={`arrow-${tone}`}
                  viewBox="0 0 8 8"
                  refX="7"
                  refY="4"
                  markerWidth="6"
                  markerHeight="8"
                  orient="auto"
                  className={`arrow arrow--${tone}`}
                >
                  <path d="M0 0 8 4 0 8z" />
                </marker>
              ))}
            </defs>
            {layout.wires.map((wire) => (
              <line
                key={`${wire.endpoint} ${wire.kind}`}
                className={`wire wire--${wire.kind}`}
                x1={wire.x1}
                y1={wire.y1}
                x2={wire.x2}
                y2={wire.y2}
                {...(wire.kind === 'withheld' ? {} : { markerEnd: 'url(#arrow-line)' })}
              />
            ))}
          </svg>
          {layout.wires.map((wire) => (
            <WireLabel
              key={`${wire.endpoint} ${wire.kind}`}
              wire={wire}
              number={numberOf(wire)}
              endpoint={sync.endpoints[wire.endpoint]?.name ?? ''}
              path={runPath}
            />
          ))}
          {sync.endpoints.map((endpoint, index) => {
            const box = layout.nodes[index];
            const flow = flowOf(endpoint.name);
            if (box === undefined) return null;
            return (
              <Link
                key={endpoint.name}
                className="node"
                style={place(box)}
                href="/connections"
                title={`${endpoint.connection}, ${endpoint.dataset}`}
              >
                <span className="row">
                  <Icon name={connectorIcon(endpoint.connector)} small />
                  <b className="strong clip grow">
                    {index + 1} {endpoint.name}
                  </b>
                  <Complete complete={flow?.complete} withheld={flow?.withheld ?? 0} />
                </span>
                <small className="clip">
                  {endpoint.connector}, {endpoint.dataset}
                </small>
                <small className="clip diagram__more">{endpoint.rows === undefined ? 'not read yet' : counted(endpoint.rows, 'row')}</small>
              </Link>
            );
          })}
          <div className="node node--hub" style={place(layout.hub)}>
            <span className="row">
              <Icon name="record" small />
              <b className="strong clip grow">{sync.title}</b>
            </span>
            <small className="clip">
              {counted(sync.records, 'record')} · {counted(sync.rules.length, 'field')}
            </small>
            <small className="clip diagram__more">
              {sync.records === 0 ? 'nothing synced yet' : sync.held === 0 ? 'nothing held' : `${counted(sync.held, 'held field')}`}
            </small>
          </div>
        </>
      )}
    </section>
  );
}

function place(box: Box): CSSProperties {
  return { left: box.x, top: box.y, width: box.width };
}

function WireLabel({
  wire,
  number,
  endpoint,
  path,
}: {
  readonly wire: Wire;
  readonly number: number;
  readonly endpoint: string;
  readonly path: string | undefined;
}): ReactNode {
  const isUpright = wire.x1 === wire.x2;
  const style: CSSProperties = { left: (wire.x1 + wire.x2) / 2, top: (wire.y1 + wire.y2) / 2 };
  const inside = (
    <>
      {wire.kind === 'withheld' ? <Icon name="held" small /> : null}
      <b>{count(number)}</b> {words[wire.kind]}
    </>
  );
  const side = isUpright ? (wire.kind === 'read' ? 'wirelabel--before' : 'wirelabel--after') : '';
  const classes = `wirelabel wirelabel--${wire.kind} ${side}`.trim();
  const query =
    wire.kind === 'withheld' ? `?kind=withheld&endpoint=${encodeURIComponent(endpoint)}` : `?endpoint=${encodeURIComponent(endpoint)}`;
  return path === undefined || wire.kind === 'read' ? (
    <span className={classes} style={style}>
      {inside}
    </span>
  ) : (
    <Link className={classes} style={style} href={`${path}${query}`} title={`${endpoint}: open the operations of the last run`}>
      {inside}
    </Link>
  );
}

function Complete({ complete, withheld }: { readonly complete: boolean | undefined; readonly withheld: number }): ReactNode {
  if (withheld > 0) {
    return (
      <span className="held">
        <Icon name="held" small label="withheld" />
      </span>
    );
  }
  if (complete === undefined) return null;
  return complete ? (
    <span className="insync">
      <Icon name="ok" small label="read completely" />
    </span>
  ) : (
    <span className="held">
      <Icon name="warn" small label="read incompletely" />
    </span>
  );
}
