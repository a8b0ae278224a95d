// The places that syncs read and write: what each can do, where it is used, and Test.
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { CallOutput } from '../../../preload/contract/index.ts';
import { ask, asProblem, useAsk } from '../../api.ts';
import { go } from '../../hash-location.ts';
import { useCrumbs } from '../../shell/crumbs.tsx';
import { connectorIcon } from '../../shell/words.ts';
import { useAction } from '../../use-action.ts';
import { useRestore } from '../../use-restore.ts';
import { ScreenBar } from '../../ui/bars.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useKeys } from '../../ui/keys.tsx';
import { useRows } from '../../ui/paged.ts';
import { FoldButton, Panel, useFold } from '../../ui/panel.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { Badge } from '../../ui/status.tsx';
import { useToast } from '../../ui/toast.tsx';
import { VirtualTable } from '../../ui/virtual-table.tsx';
import type { Column } from '../../ui/virtual-table.tsx';
import { ConnectionDetail } from './connection-detail.tsx';
import { ConnectionState } from './connection-state.tsx';
import type { Tested } from './connection-state.tsx';
import './connections.css';

export type Connection = CallOutput<'connections.list'>[number];

const add = (): void => go('/connections/new');
const open = ({ id }: Connection): void => go(`/connections/${encodeURIComponent(id)}`);

function columns(tested: ReadonlyMap<string, Tested>): readonly Column<Connection>[] {
  return [
    {
      id: 'name',
      head: 'Name',
      width: 'minmax(150px, 1fr)',
      cell: (connection) => (
        <span className="row">
          <Icon name={connectorIcon(connection.connector)} small />
          <span className="med clip">{connection.id}</span>
        </span>
      ),
    },
    { id: 'kind', head: 'Kind', width: '152px', rank: 2, cell: (connection) => <span className="t2 sm">{connection.title}</span> },
    {
      id: 'target',
      head: 'Where',
      width: 'minmax(160px, 2fr)',
      cell: (connection) => (
        <span className="v" title={connection.target}>
          {connection.target}
        </span>
      ),
    },
    {
      id: 'used',
      head: 'Used by',
      width: 'minmax(120px, 1fr)',
      rank: 3,
      cell: (connection) => (
        <span className="t2 sm">{[...new Set(connection.usedBy.map(({ sync }) => sync))].join(', ') || 'no sync'}</span>
      ),
    },
    {
      id: 'state',
      head: 'State',
      width: '172px',
      cell: (connection) => <ConnectionState connection={connection} tested={tested.get(connection.id)} />,
    },
  ];
}

export function ConnectionsScreen(): ReactNode {
  useCrumbs([{ title: 'Connections' }]);
  const asked = useAsk('connections.list', {});
  const [at, setSelected] = useState(0);
  const [tested, setTested] = useState<ReadonlyMap<string, Tested>>(new Map());
  const fold = useFold();
  const toast = useToast();
  const source = useRows(asked.data);
  const selected = Math.max(0, Math.min(at, (asked.data?.length ?? 1) - 1));
  const current = asked.data?.[selected];
  const [test, isTesting] = useAction(async () => {
    if (current === undefined) return;
    const keep = (result: Tested): void => setTested((was) => new Map(was).set(current.id, result));
    keep({ kind: 'testing' });
    try {
      keep({ kind: 'done', result: await ask('connections.test', { id: current.id }) });
    } catch (error) {
      keep({ kind: 'refused', problem: asProblem(error) });
    }
  });
  const restore = useRestore();
  const [remove, isRemoving] = useAction(async () => {
    if (current === undefined) return;
    const { before } = await ask('connections.remove', { id: current.id });
    toast({
      message: `Connection ${current.id} is removed.`,
      icon: 'ok',
      tone: 'insync',
      action: { label: 'Undo', run: () => restore(before) },
    });
  });
  const edit = (): void => (current === undefined ? undefined : go(`/connections/${encodeURIComponent(current.id)}/edit`));
  useKeys('New connection', [{ keys: 'n', label: 'new connection', hint: 'optional', run: add }]);
  useKeys(
    'Connections',
    [
      { keys: 't', label: 'test', hint: true, run: test },
      { keys: 'e', label: 'edit', run: edit },
      { keys: 'Delete', label: 'remove', run: remove },
    ],
    { active: current !== undefined },
  );
  if (asked.problem !== undefined && asked.data === undefined) return <ErrorState problem={asked.problem} onRetry={asked.again} />;
  return (
    <>
      <ScreenBar
        title="Connections"
        actions={
          <>
            <Button
              small
              keys="t"
              icon="plug"
              busy={isTesting}
              disabledBecause={current === undefined ? 'No connection is chosen' : undefined}
              onPress={test}
            >
              {isTesting ? 'Testing' : 'Test'}
            </Button>
            <Button
              small
              icon="search"
              disabledBecause={current === undefined ? 'No connection is chosen' : undefined}
              onPress={() => current && open(current)}
            >
              Look inside
            </Button>
            <Button
              small
              keys="e"
              className="hide-s"
              disabledBecause={current === undefined ? 'No connection is chosen' : undefined}
              onPress={edit}
            >
              Edit
            </Button>
            <Button small kind="primary" icon="create" keys="n" onPress={add}>
              New
            </Button>
            <FoldButton fold={fold} label="Details" />
          </>
        }
      >
        {asked.data === undefined ? null : <Badge>{asked.data.length}</Badge>}
      </ScreenBar>
      <div className="connections">
        <VirtualTable
          label="Connections"
          columns={columns(tested)}
          source={source}
          selected={selected}
          onSelect={setSelected}
          onOpen={open}
          opens="look inside"
          takesFocus
          empty={
            <EmptyState
              title="No connection yet"
              action={
                <Button kind="primary" onPress={add}>
                  New connection
                </Button>
              }
            >
              A connection names a file, a database or a service that syncs read and write. They are kept as files in the folder
              `connections` of a configuration.
            </EmptyState>
          }
        />
        <Panel label="Connection" fold={fold} isText>
          {current === undefined ? null : (
            <ConnectionDetail
              connection={current}
              tested={tested.get(current.id)}
              onTest={test}
              onRemove={remove}
              isRemoving={isRemoving}
            />
          )}
        </Panel>
      </div>
    </>
  );
}
