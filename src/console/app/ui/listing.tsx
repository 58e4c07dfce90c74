/** What is shown where a list will be: its rows, or that it is loading, failed or empty. */

import { useEffect, useState, type ReactNode } from 'react';
import { failureText } from '../failure';
import { ErrorNotice } from './notice';

interface ListingProps<Row> {
  readonly query: { readonly error: unknown; readonly refetch: () => unknown };
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

/** After so long a person wonders whether anything still happens. */
const LONG_MS = 4_000;

export function Loading({ what }: { readonly what: string }) {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), LONG_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="loading" role="status">
      <span className="visually-hidden">Loading {what}…</span>
      {[1, 2, 3].map((row) => (
        <div key={row} className="loading-row" aria-hidden="true">
          <span />
          <span />
        </div>
      ))}
      {isLong && <p className="loading-long">The service takes longer to answer than usual.</p>}
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
      <p className="empty-title" key={title}>
        {title}
      </p>
      {children}
    </div>
  );
}
