// The status bar: the state of the workspace left, the keys of the screen right.
import type { ReactNode } from 'react';
import { useTopic } from '../api.ts';
import { count, counted, hourMinute } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { Hint } from '../ui/kbd.tsx';
import { useKeyLayers } from '../ui/keys.tsx';

export function StatusBar(): ReactNode {
  const shell = useTopic('shell');
  return (
    <footer className="statusbar">
      {shell?.workspace === 'open' ? <Work /> : <Waiting workspace={shell?.workspace} />}
      <Keys />
    </footer>
  );
}

const waiting = {
  none: { icon: 'ok', words: 'Ready' },
  locked: { icon: 'lock', words: 'Locked' },
  starting: { icon: 'running', words: 'Opening the workspace' },
  restarting: { icon: 'running', words: 'Starting the engine again' },
  stopped: { icon: 'failed', words: 'Stopped' },
} as const;

function Waiting({ workspace }: { readonly workspace: keyof typeof waiting | undefined }): ReactNode {
  const { icon, words } = waiting[workspace ?? 'starting'];
  return (
    <output className="row">
      <Icon name={icon} small />
      {words}
    </output>
  );
}

function Work(): ReactNode {
  const changes = useTopic('changes');
  const progress = useTopic('progress') ?? [];
  const rate = progress.reduce((sum, work) => sum + work.perSecond, 0);
  return (
    <>
      {changes === undefined ? null : (
        <span className="row hide-s">
          <Icon name="ok" small />
          State saved {hourMinute(changes.savedAt)}
        </span>
      )}
      {progress.length === 0 ? (
        <span className="row">
          <Icon name="pause" small />
          nothing running
        </span>
      ) : (
        <output className="row">
          <Icon name="sync" small />
          {counted(progress.length, 'sync')} running{rate > 0 ? `, ${count(Math.round(rate))} records/s` : ''}
        </output>
      )}
    </>
  );
}

function Keys(): ReactNode {
  const layers = useKeyLayers();
  const hints = layers.flatMap((layer) => layer.bindings).filter((binding) => binding.hint !== undefined && binding.hint !== false);
  return (
    <span className="keys">
      {hints.map((binding) => {
        const keys = binding.shown ?? (typeof binding.keys === 'string' ? [binding.keys] : binding.keys.slice(0, 1));
        return (
          <Hint key={`${binding.label} ${keys.join(' ')}`} keys={keys} optional={binding.hint === 'optional'}>
            {binding.label}
          </Hint>
        );
      })}
    </span>
  );
}
