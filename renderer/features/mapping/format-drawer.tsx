// The format of one mapping at the bottom: its keys, and sample values read, written back and read again.
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { CallOutput } from '../../../preload/contract/index.ts';
import type { FieldMapping } from '../../../preload/contract/syncs.ts';
import { useAsk } from '../../api.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { count } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { useKeys } from '../../ui/keys.tsx';
import { Select } from '../../ui/select.tsx';
import { ErrorState, SkeletonRows } from '../../ui/states.tsx';
import { Badge, Status } from '../../ui/status.tsx';
import { Value } from '../../ui/value.tsx';
import { formatKeys, tableOf, tableText, withFormat } from './formats.ts';
import type { FormatKey } from './formats.ts';
import { directionIcon } from './gutter.tsx';
import { directions } from './map-table.tsx';
import { tripWords } from './survival.tsx';
import type { RoundTrip } from './survival.tsx';

type Step = CallOutput<'mapping.samples'>['steps'][number];

export interface FormatDrawerProps {
  readonly sync: string;
  readonly endpoint: string;
  readonly writes: boolean;
  /** Kind of the field's type: `decimal`, `date`, `enum`. */
  readonly kind: string;
  readonly mapping: FieldMapping;
  readonly trip: RoundTrip | undefined;
  readonly refusal: string | undefined;
  readonly onChange: (mapping: FieldMapping) => void;
  readonly onUnmap: () => void;
  readonly onClose: () => void;
}

const SAMPLE_ROWS = 200;

export function FormatDrawer(props: FormatDrawerProps): ReactNode {
  const { sync, endpoint, writes, kind, mapping, trip, refusal, onChange, onUnmap, onClose } = props;
  const [onlyBad, setOnlyBad] = useState(false);
  const samples = useAsk('mapping.samples', { sync, endpoint, mapping, rows: SAMPLE_ROWS });
  const steps = samples.data?.steps ?? [];
  const bad = steps.filter((step) => step.verdict !== 'same');
  const head = useRef<HTMLElement>(null);
  useKeys('Format', [{ keys: 'Escape', label: 'close the format', inFields: true, run: onClose }]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another mapping starts with all samples
  useEffect(() => setOnlyBad(false), [endpoint, mapping.field]);
  return (
    <section className="lab" aria-label={`Format of ${mapping.field} at ${endpoint}`} ref={head} data-pane="format">
      <div className="toolbar lab__bar">
        <b className="strong">{mapping.field}</b>
        <Badge>
          {endpoint}.{mapping.column}
        </Badge>
        <Icon name={directionIcon(mapping.direction, 'left')} small />
        <Badge>record.{mapping.field}</Badge>
        <span className="vr" />
        <Select
          label="Direction"
          value={mapping.direction}
          onChange={(value) => onChange({ ...mapping, direction: value === 'read' || value === 'write' ? value : 'both' })}
          options={directions(writes)}
        />
        <Select
          label="A blank here"
          value={mapping.blank}
          onChange={(value) => onChange({ ...mapping, blank: value === 'ignore' || value === 'ask' ? value : 'propagate' })}
          options={[
            { value: 'propagate', label: 'Blank: is an edit' },
            { value: 'ignore', label: 'Blank: says nothing' },
            { value: 'ask', label: 'Blank: asks' },
          ]}
        />
        {formatKeys(kind, mapping.format).map((key) => (
          <FormatInput
            key={key.key}
            entry={key}
            value={mapping.format[key.key] ?? ''}
            onChange={(text) => onChange(withFormat(mapping, key.key, text))}
          />
        ))}
        {kind === 'enum' || Object.keys(mapping.values).length > 0 ? <ValuesInput mapping={mapping} onChange={onChange} /> : null}
        <span className="row">
          {trip === undefined ? null : (
            <span className="hint hide-m" title={tripWords(trip)}>
              {count(trip.same)} of {count(trip.total)} sample rows survive
            </span>
          )}
          {bad.length === 0 && !onlyBad ? null : (
            <Button small pressed={onlyBad} onPress={() => setOnlyBad(!onlyBad)}>
              Show the {count(bad.length)}
            </Button>
          )}
          <IconButton icon="unlink" label="Unmap (Del)" small onPress={onUnmap} />
          <IconButton icon="x" label="Close (Esc)" small onPress={onClose} />
        </span>
      </div>
      {refusal === undefined ? null : (
        <p className="lab__refusal field-error" role="alert">
          {refusal}
        </p>
      )}
      <div className="scroll" aria-busy={samples.stale}>
        {samples.problem !== undefined ? (
          <ErrorState compact problem={samples.problem} onRetry={samples.again} />
        ) : samples.data === undefined ? (
          <SkeletonRows rows={4} height={28} />
        ) : (
          <Samples endpoint={endpoint} steps={onlyBad ? bad : steps} />
        )}
      </div>
    </section>
  );
}

function Samples({ endpoint, steps }: { readonly endpoint: string; readonly steps: readonly Step[] }): ReactNode {
  if (steps.length === 0) return <p className="lab__none t3 sm">The endpoint has no rows to try this on.</p>;
  const heads = [`${endpoint} holds`, 'record', 'written back', 'read again'];
  return (
    <table className="table table--compact lab__table">
      <thead>
        <tr>
          {heads.map((head, index) => (
            <th scope="col" key={head}>
              {index === 0 ? null : <Icon name="right" />} {head}
            </th>
          ))}
          <th scope="col">Round trip</th>
        </tr>
      </thead>
      <tbody>
        {steps.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: samples of one answer, in their order
          <tr key={index}>
            <td>
              <Value value={step.native} />
            </td>
            {step.verdict === 'refused' && step.record === null ? (
              <td colSpan={3} className="failed">
                {step.why ?? 'cannot be read'}
              </td>
            ) : (
              [step.record, step.written, step.again].map((value, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the three steps, always in this order
                <td key={at}>
                  <Value value={value} />
                </td>
              ))
            )}
            <td>
              <Verdict step={step} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Verdict({ step }: { readonly step: Step }): ReactNode {
  switch (step.verdict) {
    case 'same':
      return (
        <Status tone="insync" icon="check">
          Same
        </Status>
      );
    case 'lossy':
      return (
        <Status tone="held" icon="warn">
          {step.why ?? 'Changes on the way'}
        </Status>
      );
    case 'refused':
      return (
        <Status tone="failed" icon="failed">
          {step.record === null || step.why === undefined ? 'Refused, row kept' : step.why}
        </Status>
      );
  }
}

function FormatInput({
  entry,
  value,
  onChange,
}: {
  readonly entry: FormatKey;
  readonly value: string;
  readonly onChange: (text: string) => void;
}): ReactNode {
  if (entry.choices !== undefined) {
    return (
      <Select
        label={entry.label}
        value={value}
        onChange={onChange}
        options={[
          { value: '', label: `${entry.label}: default` },
          ...entry.choices.map((choice) => ({ value: choice, label: `${entry.label}: ${choice}` })),
        ]}
      />
    );
  }
  return (
    <label className="input input--quiet lab__key">
      <span className="t3 xs">{entry.label}</span>
      <input
        className="v"
        value={value}
        placeholder={entry.example}
        spellCheck={false}
        size={Math.max(3, Math.min(20, (value === '' ? entry.example : value).length + 1))}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}

/** The enumeration table, a line each. It is typed freely; what has no `=` yet says nothing. */
function ValuesInput({
  mapping,
  onChange,
}: {
  readonly mapping: FieldMapping;
  readonly onChange: (mapping: FieldMapping) => void;
}): ReactNode {
  const [text, setText] = useState(() => tableText(mapping.values));
  return (
    <label className="input input--quiet lab__key lab__values">
      <span className="t3 xs">Values</span>
      <textarea
        className="v"
        rows={2}
        value={text}
        placeholder="A = active"
        spellCheck={false}
        onChange={(event) => {
          setText(event.target.value);
          onChange({ ...mapping, values: tableOf(event.target.value) });
        }}
      />
    </label>
  );
}
