/** Console sessions: a cookie that scripts cannot read, its hash in the store, gone at logout. */

import { createHash } from 'node:crypto';
import { auditEntry } from '../../domain/audit-entry';
import type { Clock, RandomBytes } from '../../domain/clock';
import { DomainError } from '../../domain/errors';
import type { TenantPrincipal } from '../../domain/principal';
import type { Store, WriteTx } from '../../store/store';
import { isApiKeyInForce } from '../bearer';

/** The prefix makes browsers refuse it without Secure, with a Domain or with another Path (RFC 6265bis §4.1.3.2). */
export const SESSION_COOKIE = '__Host-axiom-session';

const SESSION_MS = 12 * 3_600_000;
const TOKEN_BYTES = 32;

const SESSION_OPEN = { action: 'session.open', resource: '' } as const;
const SESSION_CLOSE = { action: 'session.close', resource: '' } as const;

export interface Sessions {
  /** @param source where the log-in comes from. @returns the Set-Cookie header of a new session. */
  open(principal: TenantPrincipal, source: string): Promise<string>;
  /**
   * @param cookies the request's Cookie header.
   * @param whose the whoseOf that the page was opened with; undefined: any.
   * @throws DomainError UNAUTHENTICATED when no session is in force, or another's is.
   */
  authenticate(cookies: string | undefined, whose?: string): Promise<TenantPrincipal>;
  /** Ends the session on the server. @returns the Set-Cookie header that clears the cookie. */
  close(cookies: string | undefined, source: string): Promise<string>;
}

export function createSessions(store: Store, clock: Clock, randomBytes: RandomBytes): Sessions {
  return {
    async open(principal, source) {
      const { tenantId, role, id, displayName, apiKeyId } = principal;
      const token = Buffer.from(randomBytes(TOKEN_BYTES)).toString('base64url');
      const now = clock();
      await store.write(async (tx) => {
        await tx.removeExpiredSessions(now);
        await tx.insertSession({
          ...{ sessionHash: hash(token), tenantId, role, principal: id, displayName, apiKeyId },
          ...{ createTime: now, expireTime: now + SESSION_MS },
        });
        const entry = auditEntry({ principal, door: 'console', source }, now, SESSION_OPEN);
        await tx.appendAudit(tenantId, entry);
      });
      return cookie(token, SESSION_MS / 1_000);
    },

    async authenticate(cookies, whose) {
      const token = readCookie(cookies);
      if (token === undefined) throw notLoggedIn();
      const principal = await store.read(async (tx): Promise<TenantPrincipal> => {
        const session = await tx.getSession(hash(token));
        const now = clock();
        if (session === undefined || session.expireTime <= now) throw notLoggedIn();
        const { tenantId, role, principal, displayName, apiKeyId } = session;
        if (apiKeyId === undefined) return { kind: 'tenant', tenantId, role, id: principal, displayName };
        // A session lives no longer than the key that opened it: revoking is immediate.
        const key = await tx.getApiKey(tenantId, apiKeyId);
        if (key === undefined || !isApiKeyInForce(key, now)) throw notLoggedIn();
        return { kind: 'tenant', tenantId, role, id: principal, displayName, apiKeyId };
      });
      if (whose !== undefined && whose !== whoseOf(principal)) throw someoneElse();
      return principal;
    },

    async close(cookies, source) {
      const token = readCookie(cookies);
      if (token !== undefined)
        await store.write((tx) => endSession(tx, hash(token), source), { urgent: true });
      return cookie('', 0);
    },
  };

  async function endSession(tx: WriteTx, sessionHash: string, source: string): Promise<void> {
    const session = await tx.getSession(sessionHash);
    if (session === undefined) return;
    await tx.deleteSession(sessionHash);
    const { tenantId, role, principal: id, displayName } = session;
    const principal: TenantPrincipal = { kind: 'tenant', tenantId, role, id, displayName };
    await tx.appendAudit(
      tenantId,
      auditEntry({ principal, door: 'console', source }, clock(), SESSION_CLOSE),
    );
  }
}

/**
 * Tells people apart without saying who they are. Tabs of a browser share the session's cookie: a page that was opened
 * by one person must not go on as another, in whose tenant its next write would land.
 */
export function whoseOf({ tenantId, role, id }: TenantPrincipal): string {
  return createHash('sha256')
    .update(JSON.stringify([tenantId, role, id]), 'utf8')
    .digest('base64url');
}

function cookie(token: string, maxAgeSeconds: number): string {
  return `${SESSION_COOKIE}=${token}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; Secure; SameSite=Strict`;
}

function readCookie(cookies: string | undefined): string | undefined {
  const found = cookies?.split(/; */).find((one) => one.startsWith(`${SESSION_COOKIE}=`));
  return found?.slice(SESSION_COOKIE.length + 1) || undefined;
}

function hash(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('hex');
}

function someoneElse(): DomainError {
  return new DomainError(
    'UNAUTHENTICATED',
    'somebody else has logged in in this browser since; nothing was done, look at whose console this is now',
    'SESSION_OF_SOMEONE_ELSE',
  );
}

function notLoggedIn(): DomainError {
  return new DomainError(
    'UNAUTHENTICATED',
    'you are not logged in any more; log in again',
    'SESSION_NOT_IN_FORCE',
  );
}
