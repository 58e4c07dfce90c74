/** The one connection to the service: the Connect protocol in its binary form, and the cache of what it answered. */

import { Code, ConnectError, type Interceptor } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-web';
import { QueryClient, useQueryClient } from '@tanstack/react-query';
import { SESSION_KEY } from './session/session';

/** What the service answered lately is shown at once and asked again in the background. */
const FRESH_MS = 5_000;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      retry: (failures, error) => failures < 2 && ConnectError.from(error).code === Code.Unavailable,
    },
    // Nothing of a change is kept, though no value is ever part of one here.
    mutations: { gcTime: 0, retry: false },
  },
});

/** The session may end on the server at any moment: then the next call says so. */
const noticeEndOfSession: Interceptor = (next) => async (request) => {
  try {
    return await next(request);
  } catch (error) {
    if (ConnectError.from(error).code === Code.Unauthenticated) forgetSession('ended');
    throw error;
  }
};

// Binary, because the door refuses JSON: a parser of JSON quotes what it could not parse.
export const transport = createConnectTransport({
  baseUrl: location.origin,
  useBinaryFormat: true,
  interceptors: [noticeEndOfSession],
});

/** Drops everything that was answered to the session, so that the next person sees nothing of it. */
export function forgetSession(how: 'ended' | 'logged-out'): void {
  queryClient.setQueryData(SESSION_KEY, { loggedIn: false, how });
  queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== SESSION_KEY[0] });
}

/** @returns a function that asks the service again for everything on show. */
export function useRefresh(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== SESSION_KEY[0] });
}
