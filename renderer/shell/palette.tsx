// The command palette: places, syncs and what can be done with them, by typing.
import { Command } from 'cmdk';
import type { ReactNode } from 'react';
import { go } from '../hash-location.ts';
import { ask, useAsk } from '../api.ts';
import { useWindowStore } from '../state.ts';
import { useApplyFolder } from '../use-apply-folder.ts';
import { useExportFolder } from '../use-export-folder.ts';
import { useOpenPlan } from '../use-open-plan.ts';
import { useStartRun } from '../use-run.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import type { IconName } from '../ui/icon.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { hasContent, places } from './places.ts';

/** `isOpen`: there is a workspace, whose places can be gone to. */
export function Palette({ isOpen, withSyncs }: { readonly isOpen: boolean; readonly withSyncs: boolean }): ReactNode {
  const store = useWindowStore();
  const close = (): void => store.setState({ overlay: 'none' });
  const syncs = useAsk('syncs.list', withSyncs ? {} : null).data ?? [];
  const { preview, run } = useStartRun();
  const [applyFolder] = useApplyFolder();
  const [exportFolder] = useExportFolder();
  const [openPlan] = useOpenPlan();
  const chosen = (act: () => void) => () => {
    close();
    act();
  };
  return (
    <Dialog title="Commands" bare onClose={close}>
      <Command className="palette" label="Commands" loop>
        <Command.Input className="palette__input" placeholder="Search places, syncs, commands" data-autofocus />
        <Command.List className="palette__list">
          <Command.Empty className="palette__none">Nothing has this name.</Command.Empty>
          {isOpen ? (
            <Command.Group heading="Go to">
              {places
                .filter((place) => hasContent(place, withSyncs))
                .map((place) => (
                  <Item key={place.path} icon={place.icon} keys={place.keys} onSelect={chosen(() => go(place.path))}>
                    {place.title}
                  </Item>
                ))}
            </Command.Group>
          ) : null}
          {syncs.length === 0 ? null : (
            <Command.Group heading="Syncs">
              {syncs.flatMap((sync) => [
                <Item key={`open ${sync.id}`} icon="sync" onSelect={chosen(() => go(`/syncs/${sync.id}`))}>
                  {sync.title}
                </Item>,
                <Item key={`run ${sync.id}`} icon="play" onSelect={chosen(() => run(sync.id))}>
                  Run {sync.title}
                </Item>,
                <Item key={`preview ${sync.id}`} icon="search" onSelect={chosen(() => preview(sync.id))}>
                  Preview {sync.title}
                </Item>,
                <Item key={`mapping ${sync.id}`} icon="both" onSelect={chosen(() => go(`/syncs/${sync.id}/mapping`))}>
                  Mapping of {sync.title}
                </Item>,
                <Item
                  key={`simulate ${sync.id}`}
                  icon="flask"
                  onSelect={chosen(() => go(`/simulator?sync=${encodeURIComponent(sync.id)}`))}
                >
                  Simulate {sync.title}
                </Item>,
              ])}
            </Command.Group>
          )}
          <Command.Group heading="Window">
            {isOpen ? (
              <Item icon="branch" onSelect={chosen(exportFolder)}>
                Write the configuration as files
              </Item>
            ) : null}
            {withSyncs ? (
              <>
                <Item icon="branch" onSelect={chosen(applyFolder)}>
                  Open a configuration
                </Item>
                <Item icon="file" onSelect={chosen(openPlan)}>
                  Open a plan
                </Item>
              </>
            ) : null}
            {(['light', 'dark', 'system'] as const).map((theme) => (
              <Item
                key={theme}
                icon={theme === 'light' ? 'sun' : theme === 'dark' ? 'moon' : 'system'}
                onSelect={chosen(() => void ask('shell.theme', { theme }))}
              >
                {theme === 'system' ? 'Theme as the system' : `Theme ${theme}`}
              </Item>
            ))}
            <Item icon="keyboard" keys="?" onSelect={() => store.setState({ overlay: 'keys' })}>
              Keys of this screen
            </Item>
          </Command.Group>
        </Command.List>
      </Command>
    </Dialog>
  );
}

function Item({
  icon,
  keys,
  onSelect,
  children,
}: {
  readonly icon: IconName;
  readonly keys?: string;
  readonly onSelect: () => void;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Command.Item className="palette__item" onSelect={onSelect}>
      <Icon name={icon} small />
      <span className="grow clip">{children}</span>
      {keys === undefined ? null : <Kbd keys={keys} />}
    </Command.Item>
  );
}
