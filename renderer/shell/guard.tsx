// Keeps the frame alive when a screen breaks, and says what happened.
import { Component } from 'react';
import type { ReactNode } from 'react';
import { asProblem } from '../api.ts';
import { onPlaceChange } from '../hash-location.ts';
import { ErrorState } from '../ui/states.tsx';

interface GuardState {
  readonly error: unknown;
}

export class Guard extends Component<{ readonly children: ReactNode }, GuardState> {
  override state: GuardState = { error: undefined };

  static getDerivedStateFromError(error: unknown): GuardState {
    return { error };
  }

  #stop: (() => void) | undefined;

  override componentDidMount(): void {
    this.#stop = onPlaceChange(this.#retry);
  }

  override componentWillUnmount(): void {
    this.#stop?.();
  }

  #retry = (): void => {
    if (this.state.error !== undefined) this.setState({ error: undefined });
  };

  override render(): ReactNode {
    return this.state.error === undefined ? (
      this.props.children
    ) : (
      <ErrorState problem={asProblem(this.state.error)} onRetry={this.#retry} />
    );
  }
}
