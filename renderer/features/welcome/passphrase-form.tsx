// Asks for the passphrase where no keychain can hold the key: a new one, or the one that unlocks.
// oxlint-disable jsx-a11y/no-autofocus
import { useId, useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import type { Problem } from '../../../preload/contract/errors.ts';
import { asProblem } from '../../api.ts';
import { Button } from '../../ui/button.tsx';

const MIN_LENGTH = 8;

export interface PassphraseFormProps {
  readonly purpose: 'create' | 'unlock';
  readonly problem: Problem | undefined;
  readonly onSubmit: (passphrase: string) => Promise<void>;
  readonly onBack?: () => void;
}

export function PassphraseForm({ purpose, problem, onSubmit, onBack }: PassphraseFormProps): ReactNode {
  const isNew = purpose === 'create';
  const [passphrase, setPassphrase] = useState('');
  const [repeated, setRepeated] = useState('');
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<Problem | undefined>(undefined);
  const [isChecked, setChecked] = useState(false);
  const tooShort = isNew && passphrase.length < MIN_LENGTH ? `Use at least ${MIN_LENGTH} characters.` : undefined;
  const differs = isNew && repeated !== passphrase ? 'The two are not the same. Type the passphrase again.' : undefined;
  const shown = failed ?? problem;

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setChecked(true);
    if (busy || passphrase === '' || tooShort !== undefined || differs !== undefined) return;
    setBusy(true);
    setFailed(undefined);
    onSubmit(passphrase)
      .catch((error: unknown) => setFailed(asProblem(error)))
      .finally(() => setBusy(false));
  };

  return (
    <div className="scroll welcome__scroll">
      <form className="welcome passphrase" onSubmit={submit}>
        <h1>{isNew ? 'Choose a passphrase' : 'Unlock the workspace'}</h1>
        <p>
          {isNew
            ? 'This computer has no keychain that could hold a key, so your data is locked with a passphrase. It is asked for at each start and cannot be recovered: write it down.'
            : 'Your data is locked with the passphrase that was chosen when the workspace was made.'}
        </p>
        <SecretField
          label="Passphrase"
          value={passphrase}
          onChange={setPassphrase}
          error={isChecked ? tooShort : undefined}
          focused
          isNew={isNew}
        />
        {isNew ? (
          <SecretField label="The same again" value={repeated} onChange={setRepeated} error={isChecked ? differs : undefined} isNew />
        ) : null}
        {shown === undefined ? null : (
          <p className="field-error" role="alert">
            {shown.message} {shown.remedy}
          </p>
        )}
        <div className="row">
          <Button kind="primary" submits busy={busy} keys="Enter" onPress={() => undefined}>
            {isNew ? (busy ? 'Creating' : 'Create workspace') : busy ? 'Unlocking' : 'Unlock'}
          </Button>
          {onBack === undefined ? null : (
            <Button kind="quiet" onPress={onBack}>
              Back
            </Button>
          )}
        </div>
      </form>
    </div>
  );
}

interface SecretFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error: string | undefined;
  readonly focused?: boolean;
  readonly isNew: boolean;
}

function SecretField({ label, value, onChange, error, focused = false, isNew }: SecretFieldProps): ReactNode {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id} className="sm med">
        {label}
      </label>
      <span className="input" aria-invalid={error !== undefined}>
        <input
          id={id}
          type="password"
          value={value}
          // biome-ignore lint/a11y/noAutofocus: the form asks for exactly this
          autoFocus={focused}
          autoComplete={isNew ? 'new-password' : 'current-password'}
          aria-invalid={error !== undefined}
          aria-describedby={error === undefined ? undefined : `${id}-error`}
          onChange={(event) => onChange(event.target.value)}
        />
      </span>
      {error === undefined ? null : (
        <span className="field-error" id={`${id}-error`}>
          {error}
        </span>
      )}
    </div>
  );
}
