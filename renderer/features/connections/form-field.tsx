// One field of a connection's form: its name, what it is about, and what is wrong with it.
import { useId } from 'react';
import type { ReactNode } from 'react';
import type { FormField } from '../../../preload/contract/connections.ts';
import { Button } from '../../ui/button.tsx';
import { Check } from '../../ui/check.tsx';
import { Select } from '../../ui/select.tsx';
import { useAction } from '../../use-action.ts';
import { wordsOf } from './draft.ts';

export interface FieldProps {
  readonly field: FormField;
  readonly value: string;
  readonly issue: string | undefined;
  readonly onChange: (value: string) => void;
  readonly onChoose: () => Promise<void>;
}

export function Field(props: FieldProps): ReactNode {
  const { field, value, issue, onChange, onChoose } = props;
  const { name, kind, about, isRequired, fallback, choices, examples } = field;
  const label = wordsOf(name);
  if (kind === 'boolean') {
    return (
      <Row label={label} about={about} issue={issue} isRequired={isRequired}>
        <Check label={label} value={(value === '' ? fallback : value) === 'true'} onChange={(isOn) => onChange(String(isOn))} />
      </Row>
    );
  }
  if (kind === 'choice') {
    const none = { value: '', label: fallback === undefined ? 'as usual' : `as usual (${fallback})` };
    return (
      <Row label={label} about={about} issue={issue} isRequired={isRequired}>
        <Select label={label} value={value} options={[none, ...choices.map((one) => ({ value: one, label: one }))]} onChange={onChange} />
      </Row>
    );
  }
  return (
    <TextRow
      label={label}
      about={about}
      issue={issue}
      isRequired={isRequired}
      value={value}
      placeholder={kind === 'pairs' ? 'name: value' : fallback}
      onChange={onChange}
      kind={kind}
      examples={examples}
    >
      {kind === 'file' ? <ChooseButton onChoose={onChoose} /> : null}
    </TextRow>
  );
}

function ChooseButton({ onChoose }: Pick<FieldProps, 'onChoose'>): ReactNode {
  const [choose, isChoosing] = useAction(onChoose);
  return (
    <Button small busy={isChoosing} onPress={choose}>
      Choose a file
    </Button>
  );
}

interface RowProps {
  readonly label: string;
  readonly about: string;
  readonly issue: string | undefined;
  readonly isRequired: boolean;
}

function Row({ label, about, issue, children }: RowProps & { readonly children: ReactNode }): ReactNode {
  return (
    <div className="form__field">
      <span className="med sm">{label}</span>
      <div className="form__value">{children}</div>
      <Words about={about} issue={issue} />
    </div>
  );
}

export interface TextRowProps extends RowProps {
  readonly value: string;
  readonly placeholder?: string | undefined;
  readonly kind?: FormField['kind'] | 'secret';
  readonly examples?: readonly string[];
  readonly isFirst?: boolean;
  readonly isFixed?: boolean;
  readonly onChange: (value: string) => void;
  readonly children?: ReactNode;
}

export function TextRow(props: TextRowProps): ReactNode {
  const {
    label,
    about,
    issue,
    isRequired,
    value,
    placeholder,
    kind = 'text',
    examples = [],
    isFirst = false,
    isFixed = false,
    onChange,
    children,
  } = props;
  const id = useId();
  const isLong = kind === 'other' || kind === 'pairs';
  const shared = {
    id,
    value,
    placeholder,
    spellCheck: false,
    readOnly: isFixed,
    autoFocus: isFirst,
    'aria-invalid': issue !== undefined,
    'aria-required': isRequired,
    'aria-describedby': `${id}-about`,
  };
  return (
    <div className="form__field">
      <label className="med sm" htmlFor={id}>
        {label}
      </label>
      <div className="form__value">
        <span className={isLong ? 'input form__long' : 'input'} aria-invalid={issue !== undefined}>
          {isLong ? (
            <textarea {...shared} className="v" rows={3} onChange={(event) => onChange(event.target.value)} />
          ) : (
            <input
              {...shared}
              className="v"
              list={examples.length === 0 ? undefined : `${id}-examples`}
              type={kind === 'secret' ? 'password' : 'text'}
              inputMode={kind === 'number' ? 'numeric' : undefined}
              autoComplete={kind === 'secret' ? 'new-password' : 'off'}
              onChange={(event) => onChange(event.target.value)}
            />
          )}
        </span>
        {children}
        {examples.length === 0 ? null : (
          <datalist id={`${id}-examples`}>
            {examples.map((example) => (
              <option key={example} value={example}>
                {example}
              </option>
            ))}
          </datalist>
        )}
      </div>
      <Words id={`${id}-about`} about={about} issue={issue} />
    </div>
  );
}

function Words({ id, about, issue }: { readonly id?: string; readonly about: string; readonly issue: string | undefined }): ReactNode {
  return (
    <p id={id} className="form__words t2 xs">
      {issue === undefined ? about : <span className="field-error">{issue}</span>}
    </p>
  );
}
