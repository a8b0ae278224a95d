// Connecting by keyboard: type the name of the other end.
import { Command } from 'cmdk';
import type { ReactNode } from 'react';
import { Dialog } from '../../ui/dialog.tsx';

export interface Target {
  readonly id: string;
  readonly label: string;
  /** What it is connected to now, or its type. */
  readonly hint: string;
  readonly onChoose: () => void;
}

export function ConnectDialog({
  from,
  targets,
  onClose,
}: {
  readonly from: string;
  readonly targets: readonly Target[];
  readonly onClose: () => void;
}): ReactNode {
  return (
    <Dialog title={`Connect ${from}`} bare onClose={onClose}>
      <Command className="palette" label={`Connect ${from}`} loop>
        <Command.Input className="palette__input" placeholder={`Connect ${from} with …`} data-autofocus />
        <Command.List className="palette__list">
          <Command.Empty className="palette__none">Nothing has this name.</Command.Empty>
          {targets.map((target) => (
            <Command.Item
              key={target.id}
              value={target.id}
              keywords={[target.label, target.hint]}
              className="menu__item"
              onSelect={() => {
                onClose();
                target.onChoose();
              }}
            >
              <span className="v grow clip">{target.label}</span>
              <span className="xs t3">{target.hint}</span>
            </Command.Item>
          ))}
        </Command.List>
      </Command>
    </Dialog>
  );
}
