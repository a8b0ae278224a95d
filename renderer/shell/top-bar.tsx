// The top bar: place, command field, theme. The free part of it moves the window.
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { ask, useTopic } from '../api.ts';
import { useWindowStore } from '../state.ts';
import { useAction } from '../use-action.ts';
import { IconButton } from '../ui/button.tsx';
import { Icon, Mark } from '../ui/icon.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { Crumbs } from './crumbs.tsx';

const next = { light: 'dark', dark: 'system', system: 'light' } as const;
const icons = { light: 'sun', dark: 'moon', system: 'system' } as const;
const words = { light: 'Light', dark: 'Dark', system: 'As the system' } as const;

export function TopBar({ name }: { readonly name: string }): ReactNode {
  const store = useWindowStore();
  const theme = useTopic('shell')?.theme ?? 'system';
  const [setTheme] = useAction(async () => {
    await ask('shell.theme', { theme: next[theme] });
  });
  return (
    <header className="topbar">
      <Link className="brand" href="/">
        <Mark />
        <span className="lbl clip">{name}</span>
      </Link>
      <span className="vr hide-s" />
      <Crumbs />
      <button type="button" className="cmd" onClick={() => store.setState({ overlay: 'palette' })}>
        <Icon name="search" small />
        <span className="lbl grow clip">Search places, syncs, commands</span>
        <Kbd keys="$mod+K" />
      </button>
      <IconButton icon={icons[theme]} label={`Theme: ${words[theme]}. Change to: ${words[next[theme]]}`} onPress={setTheme} />
      <span className="topbar__end" />
    </header>
  );
}
