// The mapping editor: which column of which endpoint is which field of the record, in which direction and format.
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useParams } from 'wouter';
import { ask, asProblem, useAsk } from '../../api.ts';
import { useQuery } from '../../hash-location.ts';
import { useCrumbs } from '../../shell/crumbs.tsx';
import { ScreenBar } from '../../ui/bars.tsx';
import { Button } from '../../ui/button.tsx';
import { counted } from '../../ui/format.ts';
import { useKeys } from '../../ui/keys.tsx';
import { Menu } from '../../ui/menu.tsx';
import { ErrorState, SkeletonRows } from '../../ui/states.tsx';
import { Status } from '../../ui/status.tsx';
import { useToast } from '../../ui/toast.tsx';
import { useMedia } from '../../ui/use-media.ts';
import { useAction } from '../../use-action.ts';
import { ConnectDialog } from './connect-dialog.tsx';
import { change, connect, fieldNamed, mappingAt, mappingOf, nextDirection, unmap } from './draft.ts';
import type { EndpointMapping, Mapping } from './draft.ts';
import { FormatDrawer } from './format-drawer.tsx';
import { MappingNotice, worstOf } from './mapping-notice.tsx';
import { targetsOf } from './targets.ts';
import { fieldOf, MapLines } from './map-lines.tsx';
import type { Side } from './map-lines.tsx';
import { MapTable } from './map-table.tsx';
import { tripOf } from './survival.tsx';
import { canConnect } from './use-drag.ts';
import type { Spot } from './use-drag.ts';
import { useDraft } from './use-draft.ts';
import './mapping.css';

const TRY_ROWS = 200;

export function MappingScreen(): ReactNode {
  const { id } = useParams<{ readonly id: string }>();
  const mapping = useAsk('mapping.get', { sync: id });
  if (mapping.problem !== undefined && mapping.data === undefined) return <ErrorState problem={mapping.problem} onRetry={mapping.again} />;
  if (mapping.data === undefined || mapping.data.sync !== id) return <SkeletonRows height={40} />;
  return <MappingView key={id} mapping={mapping.data} onAgain={mapping.again} />;
}

/** The last known answer about an endpoint: a format that is being typed and is not valid yet takes nothing from the screen. */
function useLast<T>(value: T | undefined, about: string | undefined): T | undefined {
  const last = useRef<{ readonly about: string | undefined; readonly value: T | undefined }>({ about, value });
  if (value !== undefined || last.current.about !== about) last.current = { about, value };
  return last.current.value;
}

function MappingView({ mapping, onAgain }: { readonly mapping: Mapping; readonly onAgain: () => void }): ReactNode {
  const toast = useToast();
  const state = useDraft(mapping);
  const { draft, changes } = state;
  const isNarrow = useMedia('(max-width: 860px)');
  const [view, setView] = useQuery('view');
  const [left, setLeft] = useQuery('left');
  const [right, setRight] = useQuery('right');
  const [selected, setSelected] = useState<Spot | undefined>(() =>
    mapping.fields[0] === undefined ? undefined : { side: 'field', name: mapping.fields[0].name },
  );
  const [side, setSide] = useState<Side>('left');
  const [isDrawerOpen, setDrawerOpen] = useState(false);
  const [isConnecting, setConnecting] = useState(false);
  const [refusal, setRefusal] = useState<{ readonly field: string | undefined; readonly message: string } | undefined>(undefined);
  const isTable = isNarrow || view === 'table';
  useCrumbs([
    { title: 'Syncs', path: '/syncs' },
    { title: mapping.title, path: `/syncs/${encodeURIComponent(mapping.sync)}` },
    { title: 'Mapping' },
  ]);

  const endpointNamed = (name: string): EndpointMapping | undefined => mapping.endpoints.find((entry) => entry.endpoint.name === name);
  const atLeft = endpointNamed(left) ?? mapping.endpoints.find((entry) => entry.endpoint.name !== right);
  const atRight = endpointNamed(right) ?? mapping.endpoints.find((entry) => entry.endpoint.name !== atLeft?.endpoint.name);
  const sides = { left: atLeft, right: atRight };
  const names = { left: atLeft?.endpoint.name, right: atRight?.endpoint.name };
  const tryInput = (name: string | undefined) =>
    name === undefined ? null : { sync: mapping.sync, endpoint: name, mappings: [...(draft[name] ?? [])], rows: TRY_ROWS };
  const tried = { left: useAsk('mapping.try', tryInput(names.left)), right: useAsk('mapping.try', tryInput(names.right)) };
  const trips = { left: useLast(tried.left.data?.fields, names.left), right: useLast(tried.right.data?.fields, names.right) };
  const tryProblem = tried.left.problem ?? tried.right.problem;
  const suggestInput = (name: string | undefined) => (name === undefined ? null : { sync: mapping.sync, endpoint: name });
  const offers = {
    left: useAsk('mapping.suggest', suggestInput(names.left)).data,
    right: useAsk('mapping.suggest', suggestInput(names.right)).data,
  };

  const current = fieldOf(selected, draft, sides);
  const activeSide: Side =
    selected !== undefined && selected.side !== 'field'
      ? selected.side
      : current !== undefined && names[side] !== undefined && mappingOf(draft, names[side], current) === undefined
        ? side === 'left'
          ? 'right'
          : 'left'
        : side;
  const active = sides[activeSide];
  const activeMapping = active === undefined || current === undefined ? undefined : mappingOf(draft, active.endpoint.name, current);
  const isDirty = changes.length > 0;

  const faulty =
    refusal?.field ??
    (tryProblem === undefined
      ? undefined
      : fieldNamed(
          tryProblem.message,
          mapping.fields.map((entry) => entry.name),
        ));
  const edit = (next: typeof draft): void => {
    setRefusal(undefined);
    state.set(next);
  };
  const select = (spot: Spot): void => {
    setSelected(spot);
    if (spot.side !== 'field') setSide(spot.side);
  };
  const connectSpots = (a: Spot, b: Spot): void => {
    if (!canConnect(a, b)) return;
    const [field, column] = a.side === 'field' ? [a, b] : [b, a];
    const entry = column.side === 'field' ? undefined : sides[column.side];
    if (entry === undefined || column.side === 'field') return;
    edit(connect(draft, entry.endpoint.name, field.name, column.name, entry.endpoint.writes));
    select({ side: 'field', name: field.name });
    setSide(column.side);
  };
  const unmapCurrent = (): void => {
    if (active !== undefined && activeMapping !== undefined) edit(unmap(draft, active.endpoint.name, activeMapping.field));
  };
  const turn = (at: Side, field: string): void => {
    const entry = sides[at];
    const own = entry === undefined ? undefined : mappingOf(draft, entry.endpoint.name, field);
    if (entry !== undefined && own !== undefined)
      edit(change(draft, entry.endpoint.name, { ...own, direction: nextDirection(own.direction, entry.endpoint.writes) }));
  };
  const open = (at: Side, field: string): void => {
    setSelected({ side: 'field', name: field });
    setSide(at);
    setDrawerOpen(true);
  };
  const sideOf = (endpoint: string): Side => (endpoint === names.right ? 'right' : 'left');
  const [publish, isPublishing] = useAction(async () => {
    if (!isDirty) return;
    try {
      const endpoints = Object.entries(draft).map(([name, mappings]) => ({ name, mappings: mappings.map((entry) => ({ ...entry })) }));
      const { revision } = await ask('mapping.publish', { sync: mapping.sync, revision: state.revision, endpoints });
      state.discard();
      setRefusal(undefined);
      toast({ message: `Revision r${revision} is published. Plan the sync to see what it changes.`, icon: 'ok', tone: 'insync' });
      onAgain();
    } catch (error) {
      const problem = asProblem(error);
      const field = fieldNamed(
        problem.message,
        mapping.fields.map((entry) => entry.name),
      );
      setRefusal({ field, message: `${problem.message} ${problem.remedy}` });
      if (field !== undefined) {
        setSelected({ side: 'field', name: field });
        setDrawerOpen(true);
      }
    }
  });
  const discard = (): void => {
    const was = draft;
    state.discard();
    setRefusal(undefined);
    toast({
      message: `${counted(changes.length, 'change')} discarded.`,
      icon: 'undo',
      action: { label: 'Undo', run: () => state.set(was) },
    });
  };
  useKeys('Mapping', [
    { keys: 'Enter', label: 'format', hint: true, run: () => setDrawerOpen(activeMapping !== undefined) },
    { keys: 'm', label: 'connect', hint: true, run: () => setConnecting(selected !== undefined) },
    { keys: 'd', label: 'direction', hint: 'optional', run: () => current !== undefined && turn(activeSide, current) },
    { keys: 'Delete', label: 'unmap', hint: true, run: unmapCurrent },
    { keys: 't', label: 'table', hint: 'optional', run: () => setView(view === 'table' ? '' : 'table') },
    { keys: '$mod+Enter', label: 'publish', inFields: true, run: publish },
  ]);
  useEffect(() => {
    if (!isTable && document.activeElement === document.body) document.querySelector<HTMLElement>('[data-list="field"]')?.focus();
  }, [isTable]);

  const suggestions = (['left', 'right'] as const).flatMap((at) =>
    (offers[at] ?? [])
      .filter(
        ({ field, column }) =>
          names[at] !== undefined && mappingOf(draft, names[at], field) === undefined && mappingAt(draft, names[at], column) === undefined,
      )
      .map((offer) => ({ ...offer, at, endpoint: names[at] ?? '' })),
  );
  const worst = worstOf(sides, trips);
  return (
    <>
      <ScreenBar
        title="Mapping"
        actions={
          <>
            <span className="btngroup hide-s">
              <Button small pressed={!isTable} onPress={() => setView('')}>
                Lines
              </Button>
              <Button small pressed={isTable} onPress={() => setView('table')}>
                Table
              </Button>
            </span>
            {suggestions.length === 0 ? null : (
              <Menu
                items={suggestions.map((offer) => ({
                  id: `${offer.endpoint} ${offer.field} ${offer.column}`,
                  label: `${offer.field} ← ${offer.endpoint}.${offer.column}: ${offer.why}`,
                  icon: 'plus' as const,
                  onSelect: () => connectSpots({ side: 'field', name: offer.field }, { side: offer.at, name: offer.column }),
                }))}
              >
                <button type="button" className="btn btn--sm">
                  Suggestions ({suggestions.length})
                </button>
              </Menu>
            )}
            {isDirty ? (
              <Button small kind="quiet" onPress={discard}>
                Discard
              </Button>
            ) : null}
            <Button
              small
              kind="primary"
              keys="$mod+Enter"
              busy={isPublishing}
              onPress={publish}
              disabledBecause={isDirty ? undefined : 'The draft is as published: there is nothing to publish.'}
            >
              Publish
            </Button>
          </>
        }
      >
        {isDirty ? (
          <>
            <Status tone="idle" icon="update">
              Draft r{state.revision + 1}
            </Status>
            <span className="xs t3 hide-m" title={changes.map((entry) => `${entry.field} at ${entry.endpoint}: ${entry.what}`).join('\n')}>
              {counted(changes.length, 'change')} against r{state.revision}
            </span>
          </>
        ) : (
          <Status tone="insync" icon="ok">
            Published r{mapping.revision}
          </Status>
        )}
      </ScreenBar>
      <MappingNotice
        refusal={refusal}
        outdated={state.revision === mapping.revision ? undefined : mapping.revision}
        worst={worst}
        onShow={(at, field) => open(at, field)}
      />
      {isTable ? (
        <MapTable
          mapping={mapping}
          draft={draft}
          shown={[atLeft, atRight].filter((entry) => entry !== undefined)}
          trips={{
            ...(names.left === undefined ? {} : { [names.left]: trips.left }),
            ...(names.right === undefined ? {} : { [names.right]: trips.right }),
          }}
          current={current}
          faulty={faulty}
          onSelect={(endpoint, field) => {
            setSelected({ side: 'field', name: field });
            setSide(sideOf(endpoint));
          }}
          onColumn={(endpoint, field, column) =>
            edit(
              column === ''
                ? unmap(draft, endpoint, field)
                : connect(draft, endpoint, field, column, endpointNamed(endpoint)?.endpoint.writes ?? false),
            )
          }
          onDirection={(endpoint, field, direction) => {
            const own = mappingOf(draft, endpoint, field);
            if (own !== undefined) edit(change(draft, endpoint, { ...own, direction }));
          }}
          onOpen={(endpoint, field) => open(sideOf(endpoint), field)}
        />
      ) : (
        <MapLines
          mapping={mapping}
          draft={draft}
          sides={sides}
          trips={trips}
          selected={selected}
          faulty={faulty}
          onSelect={select}
          onConnect={connectSpots}
          onDirection={turn}
          onOpen={open}
          onEndpoint={(at, name) => {
            // The one that stood there changes places with it.
            if (name === names[at === 'left' ? 'right' : 'left']) {
              setLeft(names.right ?? '');
              setRight(names.left ?? '');
            } else if (at === 'left') setLeft(name);
            else setRight(name);
          }}
        />
      )}
      {isDrawerOpen && active !== undefined && activeMapping !== undefined ? (
        <FormatDrawer
          key={`${active.endpoint.name} ${activeMapping.field}`}
          sync={mapping.sync}
          endpoint={active.endpoint.name}
          writes={active.endpoint.writes}
          kind={mapping.fields.find((entry) => entry.name === activeMapping.field)?.kind ?? 'text'}
          mapping={activeMapping}
          trip={tripOf(trips[activeSide], activeMapping.field)}
          refusal={refusal?.field === activeMapping.field ? refusal.message : undefined}
          onChange={(next) => edit(change(draft, active.endpoint.name, next))}
          onUnmap={unmapCurrent}
          onClose={() => {
            setDrawerOpen(false);
            document.querySelector<HTMLElement>(`[data-list="${selected?.side ?? 'field'}"]`)?.focus();
          }}
        />
      ) : null}
      {isConnecting && selected !== undefined ? (
        <ConnectDialog
          from={selected.name}
          targets={targetsOf(selected, mapping, sides, draft, connectSpots)}
          onClose={() => setConnecting(false)}
        />
      ) : null}
    </>
  );
}
