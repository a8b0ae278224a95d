// The ways in: the sample first, then a system of one's own, or a folder of configuration files.
// oxlint-disable jsx-a11y/no-autofocus
// biome-ignore-all lint/a11y/noAutofocus: the first choice of the first start has the focus, so that Enter begins
import { useRef } from 'react';
import type { ReactNode } from 'react';
import { ask } from '../../api.ts';
import { useAction } from '../../use-action.ts';
import { Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { useKeys } from '../../ui/keys.tsx';
import type { Intent } from './welcome-screen.tsx';

export interface ChoicesProps {
  readonly busy: Intent['kind'] | undefined;
  readonly onChoose: (intent: Intent) => void;
}

export function Choices({ busy, onChoose }: ChoicesProps): ReactNode {
  const list = useRef<HTMLDivElement>(null);
  const [chooseFolder] = useAction(async () => {
    const { path } = await ask('shell.chooseFolder', { title: 'Choose a folder of configuration files' });
    if (path !== undefined) onChoose({ kind: 'folder', path });
  });
  const step = (by: number): void => {
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    const at = buttons.findIndex((button) => button.matches(':focus'));
    buttons[Math.max(0, Math.min(buttons.length - 1, at + by))]?.focus();
  };
  useKeys('Welcome', [
    { keys: ['ArrowDown', 'j'], label: 'choose', shown: ['ArrowUp', 'ArrowDown'], hint: true, run: () => step(1) },
    { keys: ['ArrowUp', 'k'], label: 'choose back', unlisted: true, run: () => step(-1) },
    { keys: 'Enter', label: 'open', hint: true, run: () => onChoose({ kind: 'sample' }) },
    { keys: 'c', label: 'add a connection', hint: true, run: () => onChoose({ kind: 'connection' }) },
    { keys: 'o', label: 'open a configuration', hint: true, run: chooseFolder },
  ]);
  return (
    <div className="choices" ref={list}>
      <Choice
        icon="flask"
        title="Try the sample"
        verb={busy === 'sample' ? 'Opening' : 'Open'}
        keys="Enter"
        primary
        focused
        busy={busy === 'sample'}
        onPress={() => onChoose({ kind: 'sample' })}
      >
        A small company with about 2,000 customers. Run a sync, see a plan, decide two conflicts. About a minute, offline.
      </Choice>
      <Choice
        icon="plug"
        title="Add a connection"
        verb={busy === 'connection' ? 'Opening' : 'Start'}
        keys="c"
        busy={busy === 'connection'}
        onPress={() => onChoose({ kind: 'connection' })}
      >
        A database, a file or an app of yours. Test it, and look at its rows; nothing is written.
      </Choice>
      <Choice
        icon="branch"
        title="Open a configuration"
        verb={busy === 'folder' ? 'Opening' : 'Choose folder'}
        keys="o"
        busy={busy === 'folder'}
        onPress={chooseFolder}
      >
        A folder of readable files, for example a clone of your team's repository.
      </Choice>
    </div>
  );
}

interface ChoiceProps {
  readonly icon: IconName;
  readonly title: string;
  readonly verb: string;
  readonly keys: string;
  readonly primary?: boolean;
  readonly focused?: boolean;
  readonly busy: boolean;
  readonly onPress: () => void;
  readonly children: ReactNode;
}

function Choice({ icon, title, verb, keys, primary = false, focused = false, busy, onPress, children }: ChoiceProps): ReactNode {
  return (
    <button
      type="button"
      className="choice"
      autoFocus={focused}
      aria-busy={busy || undefined}
      onClick={() => (busy ? undefined : onPress())}
    >
      <Icon name={icon} />
      <b>{title}</b>
      <span className={primary ? 'btn btn--primary' : 'btn'}>
        {busy ? <Icon name="running" small /> : null}
        {verb} <Kbd keys={keys} />
      </span>
      <small>{children}</small>
    </button>
  );
}
