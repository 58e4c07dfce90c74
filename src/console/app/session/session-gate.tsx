/** Lets nobody past without a session. */

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { unreachableText } from '../failure';
import { ErrorNotice } from '../ui/notice';
import { LogInAgain } from './log-in-again';
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
        <ErrorNotice text={unreachableText()} onRetry={() => void refetch()} />
      </main>
    );
  }
  const shown = data.loggedIn ? data : data.kept;
  if (shown === undefined) return <LoginPage how={data.loggedIn ? undefined : data.how} />;
  return (
    <>
      <SessionContext key={shown.whose} value={shown}>
        {children}
      </SessionContext>
      {!data.loggedIn && <LogInAgain kept={shown} />}
    </>
  );
}
