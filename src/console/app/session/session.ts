/** Whose console this is: the session behind a cookie that scripts cannot read. */

/** The cache's key of the session. */
export const SESSION_KEY = ['session'] as const;

export type Role = 'viewer' | 'editor' | 'admin';

export interface Session {
  readonly loggedIn: true;
  readonly tenantId: string;
  readonly role: Role;
  readonly displayName: string;
}

/** Nobody is logged in; `how` it came to that, where somebody was. */
export interface NoSession {
  readonly loggedIn: false;
  readonly how?: 'ended' | 'logged-out';
}

/** How a person can log in: `oidc` is the provider's name. */
export interface LoginMethods {
  readonly apiKey: boolean;
  readonly oidc: string | null;
}

export async function fetchSession(): Promise<Session | NoSession> {
  const response = await fetch('/console/session');
  if (response.status === 401) {
    // An answer that nobody reads keeps its stream open.
    await response.body?.cancel();
    return { loggedIn: false };
  }
  return { loggedIn: true, ...(await json<Omit<Session, 'loggedIn'>>(response)) };
}

/** @throws Error saying what to do when the key is not in force. */
export async function logIn(apiKey: string): Promise<Session> {
  const response = await fetch('/console/session', { method: 'POST', body: apiKey });
  if (response.status === 401)
    throw new Error(
      'This API key is not in force. Check that you have the whole key, or ask an admin for a new one.',
    );
  return { loggedIn: true, ...(await json<Omit<Session, 'loggedIn'>>(response)) };
}

/** Ends the session on the server. */
export async function logOut(): Promise<void> {
  await json(await fetch('/console/session', { method: 'DELETE' }));
}

export async function fetchLoginMethods(): Promise<LoginMethods> {
  return json<LoginMethods>(await fetch('/console/login-methods'));
}

async function json<T>(response: Response): Promise<T> {
  if (!response.ok) throw new Error('The service answered with an error. Try again.');
  return (await response.json()) as T;
}
