// The keys of this screen, on one sheet.
import type { ReactNode } from 'react';
import { useWindowStore } from '../state.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { useKeyLayers } from '../ui/keys.tsx';

export function KeySheet(): ReactNode {
  const store = useWindowStore();
  const close = (): void => store.setState({ overlay: 'none' });
  const layers = useKeyLayers().filter((layer) => layer.bindings.length > 0);
  return (
    <Dialog
      title="Keys of this screen"
      wide
      onClose={close}
      foot={
        <span data-autofocus>
          <Button keys="Escape" onPress={close}>
            Close
          </Button>
        </span>
      }
    >
      <div className="keysheet">
        {layers.map((layer) => (
          <section key={layer.id}>
            <h3 className="t3 xs">{layer.group}</h3>
            {layer.bindings
              .filter((binding) => binding.unlisted !== true)
              .map((binding) => {
                const keys = binding.shown ?? (typeof binding.keys === 'string' ? [binding.keys] : binding.keys);
                return (
                  <div className="keysheet__row" key={`${binding.label} ${keys.join(' ')}`}>
                    <span className="row">
                      {keys.map((key) => (
                        <Kbd keys={key} key={key} />
                      ))}
                    </span>
                    <span>{binding.label}</span>
                  </div>
                );
              })}
          </section>
        ))}
      </div>
    </Dialog>
  );
}
