/** What stands where a list will be: its rows, or that it is loading, failed or empty. */

import type { ReactNode } from 'react';
import { failureText } from '../failure';
import { ErrorNotice } from './notice';

interface ListingProps<Row> {
  readonly query: { readonly isPending: boolean; readonly error: unknown; readonly refetch: () => unknown };
  readonly rows: readonly Row[] | undefined;
  /** What is loading, as `secrets`. */
  readonly what: string;
  readonly empty: ReactNode;
  readonly children: (rows: readonly Row[]) => ReactNode;
}

export function Listing<Row>({ query, rows, what, empty, children }: ListingProps<Row>) {
  if (rows === undefined && query.error !== null) {
    return <ErrorNotice text={failureText(query.error)} onRetry={() => void query.refetch()} />;
  }
  if (rows === undefined) return <Loading what={what} />;
  return (
    <>
      {query.error !== null && (
        <ErrorNotice
          text={`${failureText(query.error)} What you see may be out of date.`}
          onRetry={() => void query.refetch()}
        />
      )}
      {rows.length === 0 ? empty : children(rows)}
    </>
  );
}

export function Loading({ what }: { readonly what: string }) {
  return (
    <div className="loading" role="status">
      <span className="visually-hidden">Loading {what}…</span>
      {[1, 2, 3].map((row) => (
        <div key={row} className="loading-row" aria-hidden="true">
          <span />
          <span />
        </div>
      ))}
    </div>
  );
}

interface EmptyProps {
  readonly title: string;
  readonly children?: ReactNode;
}

export function Empty({ title, children }: EmptyProps) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children}
    </div>
  );
}
