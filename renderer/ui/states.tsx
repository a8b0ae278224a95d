// What stands where data would: nothing yet, not loaded yet, or an error.
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import type { Problem } from '../../preload/contract/errors.ts';
import { Button } from './button.tsx';
import { CopyButton } from './copy-button.tsx';
import { Icon } from './icon.tsx';

const FIRST_QUIET_MS = 150;

export interface EmptyStateProps {
  readonly title: string;
  /** What this place is for. */
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

export function EmptyState({ title, children, action }: EmptyStateProps): ReactNode {
  return (
    <div className="empty">
      <h2>{title}</h2>
      <p>{children}</p>
      {action === undefined ? null : <div className="row">{action}</div>}
    </div>
  );
}

/** What happened, what to do, and the technical text folded, to be copied. */
export function ErrorState({
  problem,
  onRetry,
  compact = false,
}: {
  readonly problem: Problem;
  readonly onRetry?: () => void;
  readonly compact?: boolean;
}): ReactNode {
  const text = `${problem.code}\n${problem.message}\n${problem.remedy}${problem.detail === undefined ? '' : `\n\n${problem.detail}`}`;
  return (
    <div className={compact ? 'problem problem--compact' : 'problem'} role="alert">
      <h2 className="failed row">
        <Icon name="failed" />
        {problem.message}
      </h2>
      <p>{problem.remedy}</p>
      <div className="row">
        {onRetry === undefined ? null : (
          <Button small icon="retry" onPress={onRetry}>
            Try again
          </Button>
        )}
        <CopyButton text={text} kind="quiet" />
      </div>
      <details>
        <summary className="t3 sm">Technical text: {problem.code}</summary>
        <pre className="v problem__detail">{problem.detail ?? problem.code}</pre>
      </details>
    </div>
  );
}

/** True once the first moment is over, in which nothing is shown so that quick answers do not flicker. */
export function useAfterQuiet(): boolean {
  const [passed, setPassed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setPassed(true), FIRST_QUIET_MS);
    return () => clearTimeout(timer);
  }, []);
  return passed;
}

/** Rows of the real height until the data is there. */
export function SkeletonRows({ rows = 8, height = 32 }: { readonly rows?: number; readonly height?: number }): ReactNode {
  const isShown = useAfterQuiet();
  return (
    <section aria-busy="true" aria-label="Loading">
      {isShown
        ? Array.from({ length: rows }, (_, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows without identity
            <div className="skeleton-row" style={{ height }} key={index}>
              <span className="skeleton" style={{ width: `${18 + ((index * 7) % 13)}%` }} />
              <span className="skeleton" style={{ width: `${9 + ((index * 5) % 11)}%` }} />
              <span className="skeleton" style={{ width: `${24 + ((index * 3) % 17)}%` }} />
            </div>
          ))
        : null}
    </section>
  );
}
