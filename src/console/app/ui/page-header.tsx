/** The head of a page: its title, which takes the focus when one comes to the page, and its main action. */

import { useEffect, useRef, type ReactNode } from 'react';

let isFirstPage = true;

export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Axiom Secrets`;
  }, [title]);
}

interface PageHeaderProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly action?: ReactNode;
}

export function PageHeader({ title, lead, action }: PageHeaderProps) {
  usePageTitle(title);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // A browser reads a page that it loaded by itself; one that we put in its place it does not.
    if (!isFirstPage) heading.current?.focus({ preventScroll: true });
    isFirstPage = false;
  }, []);
  return (
    <header className="page-header">
      <div>
        <h1 ref={heading} tabIndex={-1} id="page-title">
          {title}
        </h1>
        {lead !== undefined && <p className="lead">{lead}</p>}
      </div>
      {action}
    </header>
  );
}

/** Where the focus goes when the thing that had it is gone. */
export function focusPageTitle(): void {
  document.getElementById('page-title')?.focus();
}
