// The shortest history found that breaks a promise, step by step, to be copied into a report.
import type { ReactNode } from 'react';
import type { SimulationReport } from '../../../preload/contract/simulator.ts';
import { CopyButton } from '../../ui/copy-button.tsx';

type Failure = NonNullable<SimulationReport['failure']>;

export function FailureSteps({ failure }: { readonly failure: Failure }): ReactNode {
  return (
    <section className="simulator__failure" aria-label="Failing history">
      <h2 className="row">
        <span className="grow">Seed {failure.seed} broke a promise</span>
        <CopyButton text={failureText(failure)} />
      </h2>
      <p>
        <b className="med">{failure.promise}</b> <span className="t2">{failure.message}</span>
      </p>
      <ol>
        {failure.steps.map(({ step, happened }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same step may come twice
          <li key={index}>
            <code className="v">{step}</code> <span className="t2">{happened}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function failureText({ seed, promise, message, steps }: Failure): string {
  return [`Seed ${seed}: ${promise}`, message, ...steps.map(({ step, happened }) => `${step}  # ${happened}`)].join('\n');
}
