// What is simulated: the sync, how much, and which faults strike.
import type { ReactNode } from 'react';
import type { SimulationSetting } from '../../../preload/contract/simulator.ts';
import { Button } from '../../ui/button.tsx';
import { Check } from '../../ui/check.tsx';
import { Section } from '../../ui/panel.tsx';
import { Select } from '../../ui/select.tsx';

export interface SettingProps {
  readonly setting: SimulationSetting;
  readonly syncs: readonly { readonly id: string; readonly title: string }[];
  readonly faults: readonly { readonly fault: string; readonly about: string }[];
  /** One is under way: what it was asked cannot change. */
  readonly isLocked: boolean;
  readonly onChange: (change: Partial<SimulationSetting>) => void;
}

type Numbered = 'seed' | 'histories' | 'rows';

const bounds: Readonly<
  Record<Numbered, { readonly label: string; readonly about: string; readonly least: number; readonly most: number }>
> = {
  histories: { label: 'Histories', about: 'How many are lived, one after the other.', least: 1, most: 100_000 },
  seed: { label: 'Seed', about: 'The same seed gives the same histories.', least: 0, most: 1_000_000_000 },
  rows: { label: 'Rows', about: 'Records that each history begins with.', least: 0, most: 200 },
};

const numbered: readonly Numbered[] = ['histories', 'seed', 'rows'];

/** Why the setting cannot be simulated. */
export function problemOf(setting: SimulationSetting): string | undefined {
  if (setting.sync === '') return 'There is no sync to simulate';
  for (const name of numbered) {
    const { label, least, most } = bounds[name];
    if (!(Number.isInteger(setting[name]) && setting[name] >= least && setting[name] <= most))
      return `${label} is a whole number from ${least} to ${most.toLocaleString('en')}`;
  }
  return undefined;
}

export function Setting({ setting, syncs, faults, isLocked, onChange }: SettingProps): ReactNode {
  const problem = problemOf(setting);
  const all = faults.map(({ fault }) => fault);
  const isAll = setting.faults.length === all.length;
  const toggle = (fault: string, isOn: boolean): void => {
    onChange({ faults: all.filter((one) => (one === fault ? isOn : setting.faults.includes(one))) });
  };
  return (
    <fieldset className="simulator__setting" disabled={isLocked}>
      <legend className="sr">Setting</legend>
      <Section title="What">
        <div className="simulator__row">
          <span>Sync</span>
          <Select
            label="Sync"
            value={setting.sync}
            options={syncs.map(({ id, title }) => ({ value: id, label: title }))}
            onChange={(sync) => onChange({ sync })}
          />
        </div>
        {numbered.map((name) => (
          <label className="simulator__row" key={name} title={bounds[name].about}>
            <span>{bounds[name].label}</span>
            <span className="input">
              <input
                type="number"
                min={bounds[name].least}
                max={bounds[name].most}
                value={Number.isNaN(setting[name]) ? '' : setting[name]}
                onChange={(event) => onChange({ [name]: event.target.valueAsNumber })}
              />
            </span>
          </label>
        ))}
        <div className="simulator__fault">
          <Check label="Begin with real rows" value={setting.sample} onChange={(sample) => onChange({ sample })} />
          <div>
            <b className="med">Begin with real rows</b>
            <p className="t2 sm">They are read; personal and secret values are masked.</p>
          </div>
        </div>
        {problem === undefined ? null : (
          <p className="field-error" role="alert">
            {problem}.
          </p>
        )}
      </Section>
      <Section title="What goes wrong">
        <div className="row">
          <Button small kind="quiet" onPress={() => onChange({ faults: isAll ? [] : all })}>
            {isAll ? 'Nothing' : 'Everything'}
          </Button>
          <span className="t3 sm">
            {setting.faults.length} of {all.length} chosen
          </span>
        </div>
        {faults.map(({ fault, about }) => (
          <div className="simulator__fault" key={fault}>
            <Check label={faultTitle(fault)} value={setting.faults.includes(fault)} onChange={(isOn) => toggle(fault, isOn)} />
            <div>
              <b className="med">{faultTitle(fault)}</b>
              <p className="t2 sm">{about}</p>
            </div>
          </div>
        ))}
      </Section>
    </fieldset>
  );
}

/** `lost-answers` as a title. */
export function faultTitle(fault: string): string {
  const words = fault.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
