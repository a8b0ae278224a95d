// The form of a connection. What is typed stays when a test fails and when one goes elsewhere and comes back, until the window is closed.
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { ask, asProblem } from '../../api.ts';
import { go } from '../../hash-location.ts';
import { useExportFolder } from '../../use-export-folder.ts';
import { useAction } from '../../use-action.ts';
import { Button } from '../../ui/button.tsx';
import { useKeys } from '../../ui/keys.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { useToast } from '../../ui/toast.tsx';
import type { Problem } from '../../../preload/contract/errors.ts';
import type { Tested } from './connection-state.tsx';
import { configOf, pathFrom, wordsOf } from './draft.ts';
import type { Connector, Draft, Issue, Typed } from './draft.ts';
import { Field, TextRow } from './form-field.tsx';
import { TestResult } from './test-result.tsx';

/** By connection or kind of connection. */
const unsaved = new Map<string, Typed>();
const quietMs = 150;

export interface ConnectionFormProps {
  readonly connector: Connector;
  readonly folder: string;
  /** The connection that is changed. */
  readonly of: string | undefined;
  /** Secrets that are kept already. */
  readonly kept: readonly string[];
  readonly start: Typed;
}

export function ConnectionForm({ connector, folder, of, kept, start }: ConnectionFormProps): ReactNode {
  const key = of === undefined ? `new ${connector.id}` : `edit ${of}`;
  const toast = useToast();
  const [typed, setTyped] = useState<Typed>(() => unsaved.get(key) ?? start);
  const [tested, setTested] = useState<Tested>();
  const [refused, setRefused] = useState<Problem>();
  const [isTried, setIsTried] = useState(false);
  const { id, texts, secrets } = typed;
  const { config, issues: own } = configOf(connector.fields, texts);
  const draft: Draft = { connector: connector.id, config, secrets, ...(of === undefined ? {} : { of }) };
  const [found, checkNow] = useIssues(draft);
  const issues = [...own, ...found];
  const change = (next: Partial<Typed>): void => {
    const changed = { ...typed, ...next };
    unsaved.set(key, changed);
    setTyped(changed);
    setRefused(undefined);
  };
  const issueOf = (name: string): string | undefined =>
    isTried || (texts[name] ?? '') !== '' ? issues.find(({ field }) => field === name)?.message : undefined;
  const whole = isTried ? issues.filter(({ field }) => !connector.fields.some(({ name }) => name === field)) : [];

  const [test, isTesting] = useAction(async () => {
    setIsTried(true);
    if (own.length + (await checkNow()).length > 0) return;
    setTested({ kind: 'testing' });
    try {
      setTested({ kind: 'done', result: await ask('connections.try', draft) });
    } catch (error) {
      setTested({ kind: 'refused', problem: asProblem(error) });
    }
  });
  const [exportFolder] = useExportFolder();
  const [save, isSaving] = useAction(async () => {
    setIsTried(true);
    if (own.length + (await checkNow()).length > 0 || id === '') return;
    try {
      await ask('connections.save', { ...draft, id });
    } catch (error) {
      setRefused(asProblem(error));
      return;
    }
    unsaved.delete(key);
    toast({ message: `Connection ${id} is saved.`, icon: 'ok', tone: 'insync', action: { label: 'Write files', run: exportFolder } });
    go('/connections');
  });
  const choose = async (name: string): Promise<void> => {
    const { path } = await ask('shell.chooseFileToOpen', { title: wordsOf(name), of: 'any' });
    if (path !== undefined) change({ texts: { ...texts, [name]: pathFrom(folder, path) } });
  };
  useKeys('Connection', [
    { keys: '$mod+Enter', label: 'test', hint: true, inFields: true, run: test },
    { keys: '$mod+s', label: 'save', hint: true, inFields: true, run: save },
    { keys: 'Escape', label: 'back', run: () => go('/connections') },
  ]);

  return (
    <div className="form">
      <form
        className="form__fields"
        aria-label={connector.title}
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        {refused === undefined ? null : <ErrorState problem={refused} compact />}
        {whole.map(({ message }) => (
          <p key={message} className="field-error" role="alert">
            {message}
          </p>
        ))}
        <TextRow
          label="Name"
          about={of === undefined ? 'Syncs name it so: letters, digits, - and _' : 'Syncs know it by this name.'}
          issue={isTried && id === '' ? 'A name is needed' : undefined}
          isRequired
          isFirst={of === undefined}
          isFixed={of !== undefined}
          value={id}
          onChange={(next) => change({ id: next })}
        />
        {connector.fields.map((field) => (
          <Field
            key={field.name}
            field={field}
            value={texts[field.name] ?? ''}
            issue={issueOf(field.name)}
            onChange={(next) => change({ texts: { ...texts, [field.name]: next } })}
            onChoose={() => choose(field.name)}
          />
        ))}
        {connector.secrets.map((name) => (
          <TextRow
            key={name}
            label={wordsOf(name)}
            about={
              kept.includes(name) ? 'One is kept. Leave it empty to use that.' : 'Kept in the vault of the workspace, never in a file.'
            }
            issue={undefined}
            isRequired={false}
            kind="secret"
            value={secrets[name] ?? ''}
            onChange={(next) => change({ secrets: withSecret(secrets, name, next) })}
          />
        ))}
        <div className="row form__actions">
          <Button kind="primary" submits busy={isSaving} keys="$mod+s" onPress={() => undefined}>
            {isSaving ? 'Saving' : 'Save'}
          </Button>
          <Button icon="plug" busy={isTesting} keys="$mod+Enter" onPress={test}>
            {isTesting ? 'Testing' : 'Test'}
          </Button>
          <Button kind="quiet" onPress={() => go('/connections')}>
            Back
          </Button>
        </div>
      </form>
      <section className="form__test" aria-label="Test" aria-live="polite">
        <h2 className="sec__title">Test</h2>
        <TestResult tested={tested} />
      </section>
    </div>
  );
}

/** An empty one is none. */
function withSecret(secrets: Typed['secrets'], name: string, value: string): Typed['secrets'] {
  const { [name]: _, ...others } = secrets;
  return value === '' ? others : { ...others, [name]: value };
}

/** What the connector says of a draft, a moment after the last key press; and the way not to wait for that. */
function useIssues(draft: Draft): readonly [readonly Issue[], () => Promise<readonly Issue[]>] {
  const [issues, setIssues] = useState<readonly Issue[]>([]);
  const text = JSON.stringify({ ...draft, secrets: {} });
  useEffect(() => {
    let isWanted = true;
    const timer = setTimeout(() => {
      ask('connections.check', JSON.parse(text) as Draft).then(
        (found) => isWanted && setIssues(found),
        (error: unknown) => isWanted && setIssues([{ field: '', message: asProblem(error).message }]),
      );
    }, quietMs);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [text]);
  const checkNow = async (): Promise<readonly Issue[]> => {
    const found = await ask('connections.check', draft);
    setIssues(found);
    return found;
  };
  return [issues, checkNow];
}
