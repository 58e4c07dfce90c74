/** The head of a page: its title, which takes the focus when one comes to the page, and its main action. */

import { useEffect, useRef, type ReactNode } from 'react';
import { Words } from './words';

/** A browser reads a page that it loaded by itself; one that we put in its place it does not. */
let isFirstPage = true;

/** The log-in, or what else stood where a page will be, is the page that the browser read. */
export function useIsFirstPage(): void {
  useEffect(() => {
    isFirstPage = false;
  }, []);
}

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
    if (!isFirstPage) heading.current?.focus({ preventScroll: true });
    isFirstPage = false;
  }, []);
  return (
    <header className="page-header">
      <div>
        <h1 ref={heading} tabIndex={-1} id="page-title">
          <Words text={title} />
        </h1>
        {lead !== undefined && <p className="lead">{lead}</p>}
      </div>
      {action}
    </header>
  );
}
