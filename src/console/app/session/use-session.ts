/** The session for the pages below the gate, and what its role lets them offer. */

import { createContext, useContext } from 'react';
import type { Session } from './session';

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('there is a session below SessionGate only');
  return session;
}

/** Whether the person may change things. The service decides; this only hides what it would refuse. */
export function useMayEdit(): boolean {
  return useSession().role !== 'viewer';
}

export function useIsAdmin(): boolean {
  return useSession().role === 'admin';
}
