// The shortest history found that breaks a promise, step by step, to be copied into a report.
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { SimulationReport } from '../../../preload/contract/simulator.ts';
import { Button } from '../../ui/button.tsx';

type Failure = NonNullable<SimulationReport['failure']>;

export function FailureSteps({ failure }: { readonly failure: Failure }): ReactNode {
  const [isCopied, setCopied] = useState(false);
  const copy = (): void => {
    navigator.clipboard.writeText(failureText(failure)).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <section className="simulator__failure" aria-label="Failing history">
      <h2 className="row">
        <span className="grow">Seed {failure.seed} broke a promise</span>
        <Button small icon="copy" onPress={copy}>
          {isCopied ? 'Copied' : 'Copy'}
        </Button>
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
