/** The one connection to the service: the Connect protocol in its binary form, and the cache of what it answered. */

import { Code, ConnectError, type Interceptor } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-web';
import { QueryClient, useQueryClient, type Query } from '@tanstack/react-query';
import { fetchSession, SESSION_KEY, WHOSE_HEADER, type NoSession, type Session } from './session/session';

/** What the service answered lately is shown at once and asked again in the background. */
const FRESH_MS = 5_000;
/** A call that takes longer has failed: nobody looks at a skeleton for ever. */
const CALL_MS = 30_000;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      // A browser that calls itself offline may still reach this machine, and a paused query says nothing.
      networkMode: 'always',
      refetchOnReconnect: true,
      retry: (failures, error) =>
        failures < 2 && navigator.onLine && ConnectError.from(error).code === Code.Unavailable,
    },
    // Nothing of a change is kept, though no value is ever part of one here.
    mutations: { gcTime: 0, retry: false, networkMode: 'always' },
  },
});

/**
 * The session may end on the server at any moment, or become somebody else's in another tab: each call says whose
 * page it comes from, and the answer says when that is no longer so.
 */
const noticeEndOfSession: Interceptor = (next) => async (request) => {
  const session = currentSession();
  if (session?.loggedIn) request.header.set(WHOSE_HEADER, session.whose);
  try {
    return await next(request);
  } catch (error) {
    if (ConnectError.from(error).code === Code.Unauthenticated) await lookWhose();
    throw error;
  }
};

// Binary, because the door refuses JSON: a parser of JSON quotes what it could not parse.
export const transport = createConnectTransport({
  baseUrl: location.origin,
  useBinaryFormat: true,
  defaultTimeoutMs: CALL_MS,
  interceptors: [noticeEndOfSession],
});

function currentSession(): Session | NoSession | undefined {
  return queryClient.getQueryData(SESSION_KEY);
}

/** Tells the browser's other tabs of a log-out, by whose session it was. */
const otherTabs = new BroadcastChannel('axiom-log-out');
otherTabs.onmessage = ({ data }: MessageEvent<string>) => {
  const session = currentSession();
  const held = session?.loggedIn ? session : session?.kept;
  if (held?.whose === data) forgetSession('logged-out');
};

/** Somebody logged out of this browser: no tab of it goes on, and none keeps an open form. */
export function leave({ whose }: Session): void {
  forgetSession('logged-out');
  otherTabs.postMessage(whose);
}

/** Drops everything that was answered to the session, so that the next person sees nothing of it. */
export function forgetSession(how: 'ended' | 'logged-out'): void {
  setSession({ loggedIn: false, how });
  dropAnswers();
}

/** Asks whose session this is now. A dialog that is open may hold what exists nowhere else: it is kept. */
export async function lookWhose(): Promise<void> {
  const before = currentSession();
  const now = await fetchSession().catch((): NoSession => ({ loggedIn: false }));
  // Still theirs: they logged in again in another tab since, and only this one call came too early.
  if (now.loggedIn && before?.loggedIn && now.whose === before.whose) return;
  if (now.loggedIn) return enterSession(now);
  if (before?.loggedIn && document.querySelector('dialog[open]') !== null)
    setSession({ loggedIn: false, how: 'ended', kept: before });
  else if (before?.loggedIn) forgetSession('ended');
}

/** Goes on with a session that is in force: where the page stood, for the person whom it stood for. */
export function enterSession(session: Session): void {
  const before = currentSession();
  const previous = before?.loggedIn ? before : before?.kept;
  const isSame = previous?.whose === session.whose;
  setSession({ ...session, isTakenOver: previous !== undefined && !isSame });
  if (isSame) void queryClient.invalidateQueries({ predicate: isAnswer });
  else dropAnswers();
}

function setSession(session: Session | NoSession): void {
  queryClient.setQueryData(SESSION_KEY, session);
}

function dropAnswers(): void {
  queryClient.removeQueries({ predicate: isAnswer });
}

function isAnswer(query: Query): boolean {
  return query.queryKey[0] !== SESSION_KEY[0];
}

/** @returns a function that asks the service again for everything on show. */
export function useRefresh(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ predicate: isAnswer });
}
