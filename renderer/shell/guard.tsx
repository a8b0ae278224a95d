// Keeps the frame alive when a screen breaks, and says what happened.
import { Component } from 'react';
import type { ReactNode } from 'react';
import { asProblem } from '../api.ts';
import { ErrorState } from '../ui/states.tsx';

interface GuardState {
  readonly error: unknown;
}

export class Guard extends Component<{ readonly children: ReactNode }, GuardState> {
  override state: GuardState = { error: undefined };

  static getDerivedStateFromError(error: unknown): GuardState {
    return { error };
  }

  override componentDidMount(): void {
    window.addEventListener('hashchange', this.#retry);
  }

  override componentWillUnmount(): void {
    window.removeEventListener('hashchange', this.#retry);
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
