/** How long console sessions live, and how listings name one. */

/** How long a session lives, in milliseconds. */
export interface SessionLimits {
  /** Whatever is done in it. */
  readonly lifetimeMs: number;
  /** Without a call. */
  readonly idleMs: number;
}

export const DEFAULT_SESSION_LIMITS: SessionLimits = { lifetimeMs: 12 * 3_600_000, idleMs: 3_600_000 };

/** So many sessions one principal has at a time; the next log-in ends the oldest. */
export const MAX_SESSIONS = 100;

/** Hexadecimal digits of a session's id. */
export const SESSION_ID_LENGTH = 16;

/** A part of the cookie's hash: enough to tell sessions apart, and of no use to anybody else. */
export function sessionIdOf(sessionHash: string): string {
  return sessionHash.slice(0, SESSION_ID_LENGTH);
}

/** Whether its time has not come and it was used within the idle limit. */
export function isSessionInForce(
  {
    session,
    lastUseTime,
  }: { readonly session: { readonly expireTime: number }; readonly lastUseTime: number },
  { idleMs }: SessionLimits,
  now: number,
): boolean {
  return session.expireTime > now && now - lastUseTime < idleMs;
}
