/** Lets nobody past without a session. */

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorNotice } from '../ui/notice';
import { LoginPage } from './login-page';
import { fetchSession, SESSION_KEY } from './session';
import { SessionContext } from './use-session';

export function SessionGate({ children }: { readonly children: ReactNode }) {
  const { data, isPending, refetch } = useQuery({
    queryKey: SESSION_KEY,
    queryFn: fetchSession,
    staleTime: Infinity,
    gcTime: Infinity,
    retry: false,
  });
  if (isPending)
    return (
      <p className="gate-loading" role="status">
        Opening the console…
      </p>
    );
  if (data === undefined) {
    return (
      <main className="gate">
        <h1>Axiom Secrets</h1>
        <ErrorNotice
          text="The console cannot reach the service. Check that it is running, and try again."
          onRetry={() => void refetch()}
        />
      </main>
    );
  }
  if (!data.loggedIn) return <LoginPage how={data.how} />;
  return <SessionContext value={data}>{children}</SessionContext>;
}
