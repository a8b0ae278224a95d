// First start, and every state in which there is no open workspace with a sync: one thing to do, said in plain words.
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import type { Problem } from '../../../preload/contract/errors.ts';
import { ask, asProblem, useTopic } from '../../api.ts';
import { go } from '../../hash-location.ts';
import { useCrumbs } from '../../shell/crumbs.tsx';
import { useAction } from '../../use-action.ts';
import { useApply } from '../../use-apply-folder.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ErrorState, useAfterQuiet } from '../../ui/states.tsx';
import { Choices } from './choices.tsx';
import { PassphraseForm } from './passphrase-form.tsx';
import { SampleParts } from './sample-parts.tsx';
import './welcome.css';

/** What the person wants once a workspace is open. */
export type Intent = { readonly kind: 'sample' } | { readonly kind: 'connection' } | { readonly kind: 'folder'; readonly path: string };

async function carryOut(intent: Intent, apply: (folder: string) => Promise<void>): Promise<void> {
  switch (intent.kind) {
    case 'sample': {
      const { sync } = await ask('workspace.sample', {});
      go(`/syncs/${sync}`, { replace: true });
      return;
    }
    case 'connection':
      go('/connections/new');
      return;
    case 'folder':
      await apply(intent.path);
      go('/', { replace: true });
  }
}

export function WelcomeScreen({ isLoading }: { readonly isLoading: boolean }): ReactNode {
  useCrumbs([{ title: 'Welcome' }]);
  const shell = useTopic('shell');
  const [intent, setIntent] = useState<Intent | undefined>(undefined);
  const [problem, setProblem] = useState<Problem | undefined>(undefined);
  const workspace = shell?.workspace;
  const apply = useApply();

  useEffect(() => {
    if (workspace !== 'open' || intent === undefined) return;
    carryOut(intent, apply).catch((error: unknown) => {
      setProblem(asProblem(error));
      setIntent(undefined);
    });
  }, [workspace, intent, apply]);

  const begin = (wanted: Intent): void => {
    setProblem(undefined);
    setIntent(wanted);
    if (workspace !== 'none' || shell?.keychain !== true) return;
    ask('shell.create', {}).catch((error: unknown) => {
      setProblem(asProblem(error));
      setIntent(undefined);
    });
  };

  if (shell === undefined || (isLoading && intent === undefined)) return <Waiting>Opening the workspace</Waiting>;
  switch (shell.workspace) {
    case 'locked':
      return (
        <PassphraseForm
          purpose="unlock"
          problem={shell.problem}
          onSubmit={async (passphrase) => void (await ask('shell.unlock', { passphrase }))}
        />
      );
    case 'starting':
      return <Waiting>Opening the workspace</Waiting>;
    case 'restarting':
      return <Waiting>The engine stopped and is being started again. Runs go on from their stored plan.</Waiting>;
    case 'stopped':
      return <Stopped problem={shell.problem} folder={shell.folder} />;
    case 'none':
      if (intent !== undefined && !shell.keychain) {
        return (
          <PassphraseForm
            purpose="create"
            problem={problem}
            onSubmit={async (passphrase) => void (await ask('shell.create', { passphrase }))}
            onBack={() => setIntent(undefined)}
          />
        );
      }
      break;
    case 'open':
      break;
  }
  return (
    <div className="scroll welcome__scroll">
      <div className="welcome">
        <h1>Keep records the same, and know what happened to every value</h1>
        <p>Nothing is written before you have seen it, and every overwritten value can be found.</p>
        <Choices busy={intent?.kind} onChoose={begin} />
        {problem === undefined ? null : <ErrorState problem={problem} compact />}
        <SampleParts />
        <p className="welcome__promise">
          <Icon name="shield" />
          {shell.keychain
            ? "The key of your data stays in the system's keychain. Nothing leaves this computer unless a sync says so."
            : 'Your data is locked with a passphrase of yours. Nothing leaves this computer unless a sync says so.'}
        </p>
      </div>
    </div>
  );
}

function Waiting({ children }: { readonly children: ReactNode }): ReactNode {
  const isShown = useAfterQuiet();
  return (
    <div className="welcome__wait" aria-busy="true">
      {isShown ? (
        <output className="row t2">
          <Icon name="running" />
          {children}
        </output>
      ) : null}
    </div>
  );
}

function Stopped({ problem, folder }: { readonly problem: Problem | undefined; readonly folder: string | undefined }): ReactNode {
  const shown = problem ?? {
    code: 'workspace-stopped',
    message: 'The workspace could not be opened.',
    remedy: 'Start the application again. If it stays so, look at the folder below; nothing in it was deleted.',
    recovery: 'ask-user' as const,
  };
  return (
    <div className="scroll">
      <ErrorState problem={shown} />
      {folder === undefined ? null : <Folder folder={folder} />}
    </div>
  );
}

function Folder({ folder }: { readonly folder: string }): ReactNode {
  const [reveal] = useAction(async () => {
    await ask('shell.reveal', { path: folder });
  });
  return (
    <div className="welcome__folder row">
      <span className="t2 sm">Workspace: {folder}</span>
      <Button small icon="folder" onPress={reveal}>
        Show the folder
      </Button>
    </div>
  );
}
