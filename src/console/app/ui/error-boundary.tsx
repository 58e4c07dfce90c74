/** What stands in the page's place when a part of it fails: never nothing. */

import { Component, type ReactNode } from 'react';
import { Notice } from './notice';

interface ErrorBoundaryProps {
  readonly children: ReactNode;
}

export class ErrorBoundary extends Component<ErrorBoundaryProps, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render() {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <main className="gate">
        <h1>The console stopped</h1>
        <Notice tone="danger">
          <p>
            A part of this page failed. What you had saved is saved; what you had only typed is lost. If your
            browser translates the page, turn that off for it and reload.
          </p>
        </Notice>
        <button type="button" className="button primary" autoFocus onClick={() => location.reload()}>
          Reload
        </button>
      </main>
    );
  }
}
