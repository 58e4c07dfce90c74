/** Whose console this is: the session behind a cookie that scripts cannot read. */

/** The cache's key of the session. */
export const SESSION_KEY = ['session'] as const;

export type Role = 'viewer' | 'editor' | 'admin';

export interface Session {
  readonly loggedIn: true;
  readonly tenantId: string;
  readonly role: Role;
  readonly displayName: string;
  /** Tells people apart: the tabs of a browser share one session, which may become another's under this page. */
  readonly whose: string;
  /** The page was opened for somebody else, who logged in here before. */
  readonly isTakenOver?: boolean;
}

/** Nobody is logged in; `how` it came to that, where somebody was. */
export interface NoSession {
  readonly loggedIn: false;
  readonly how?: 'ended' | 'logged-out';
  /** Whose open dialog is kept beneath the log-in, for them alone to go on with. */
  readonly kept?: Session;
}

/** The header that says whose page a call comes from. */
export const WHOSE_HEADER = 'axiom-whose';

/** As long as any other call may take; see connection. */
const CALL_MS = 30_000;
/** How often to look whether the session that is being ended is still there. */
const LOOK_MS = 3_000;

/** How a person can log in: `oidc` is the provider's name. */
export interface LoginMethods {
  readonly apiKey: boolean;
  readonly oidc: string | null;
}

export async function fetchSession(): Promise<Session | NoSession> {
  const response = await call('/console/session');
  if (response.status === 401) {
    // An answer that nobody reads keeps its stream open.
    await response.body?.cancel();
    return { loggedIn: false };
  }
  return { loggedIn: true, ...(await json<Omit<Session, 'loggedIn'>>(response)) };
}

/** @throws Error saying what to do when the key is not in force. */
export async function logIn(apiKey: string): Promise<Session> {
  const response = await call('/console/session', { method: 'POST', body: apiKey });
  if (response.status === 401)
    throw new Error(
      'This API key is not in force. Check that you have the whole key, or ask an admin for a new one.',
    );
  return { loggedIn: true, ...(await json<Omit<Session, 'loggedIn'>>(response)) };
}

/** Ends the session on the server. @returns whether it was still that person's; somebody else's goes on. */
export function logOut(session: Session): Promise<boolean> {
  return Promise.race([endSession(session), untilEnded()]);
}

/** A browser hands the answer on when it has cleared what it kept of the console, and may take its time over that. */
async function untilEnded(): Promise<true> {
  const end = Date.now() + CALL_MS;
  while (Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const now = await fetchSession().catch(() => undefined);
    if (now?.loggedIn === false) return true;
  }
  throw new Error('The service did not answer in time.');
}

async function endSession({ whose }: Session): Promise<boolean> {
  const response = await call('/console/session', { method: 'DELETE', headers: { [WHOSE_HEADER]: whose } });
  if (response.status === 401) {
    await response.body?.cancel();
    return false;
  }
  await json(response);
  return true;
}

export async function fetchLoginMethods(): Promise<LoginMethods> {
  return json<LoginMethods>(await call('/console/login-methods'));
}

function call(path: string, options: RequestInit = {}): Promise<Response> {
  return fetch(path, { ...options, signal: AbortSignal.timeout(CALL_MS) });
}

async function json<T>(response: Response): Promise<T> {
  if (!response.ok) throw new Error('The service answered with an error. Try again.');
  return (await response.json()) as T;
}
