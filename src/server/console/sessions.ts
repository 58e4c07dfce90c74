/** Console sessions: a cookie that scripts cannot read, its hash in the store, gone at logout. */

import { createHash } from 'node:crypto';
import { auditEntry, type AuditDetails } from '../../domain/audit-entry';
import type { Clock, RandomBytes } from '../../domain/clock';
import { DomainError } from '../../domain/errors';
import type { Role, TenantPrincipal } from '../../domain/principal';
import { isSessionInForce, MAX_SESSIONS, sessionIdOf, type SessionLimits } from '../../domain/session';
import type { Waiter } from '../../domain/waiter';
import type { SessionRecord, UsedSession } from '../../store/records';
import type { ReadTx, Store, WriteTx } from '../../store/store';
import { noneIfNotAsWritten } from '../../store/store-errors';
import { sourceOf } from '../../wire/listener/source-address';
import { isApiKeyInForce } from '../bearer';
import type { OidcConfig } from '../oidc/config';
import { roleOfClaims } from '../oidc/principal';
import { UseMarks } from '../use-marks';

/** The prefix makes browsers refuse it without Secure, with a Domain or with another Path (RFC 6265bis §4.1.3.2). */
export const SESSION_COOKIE = '__Host-axiom-session';

const TOKEN_BYTES = 32;
/** A session's last use is noted this often. */
const LAST_USE_RESOLUTION_MS = 60_000;

export interface Sessions {
  /**
   * @param source where the log-in comes from.
   * @param roleClaims what the OpenID provider said of the person's roles; undefined for an API key.
   * @returns the Set-Cookie header of a new session.
   */
  open(principal: TenantPrincipal, source: string, roleClaims?: string): Promise<string>;
  /**
   * @param cookies the request's Cookie header.
   * @param whose the whoseOf that the page was opened with; undefined: any.
   * @throws DomainError UNAUTHENTICATED when no session is in force, or another's is.
   */
  authenticate(cookies: string | undefined, whose?: string, waiter?: Waiter): Promise<TenantPrincipal>;
  /** Ends the session on the server. @returns the Set-Cookie header that clears the cookie. */
  close(cookies: string | undefined, source: string): Promise<string>;
}

/** What sessions need of the service. */
export interface SessionParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  /** The provider whose people may come in; undefined: none. */
  readonly oidc: OidcConfig | undefined;
  readonly limits: SessionLimits;
}

export function createSessions({ store, clock, randomBytes, oidc, limits }: SessionParts): Sessions {
  const marks = new UseMarks();
  /** The role is read anew: a session has no more rights than what opened it has today. */
  async function roleToday(tx: ReadTx, session: SessionRecord, now: number): Promise<Role | undefined> {
    const { tenantId, apiKeyId, roleClaims } = session;
    if (apiKeyId === undefined) {
      return roleClaims === undefined || oidc === undefined
        ? undefined
        : roleOfClaims(roleClaims, tenantId, oidc);
    }
    const key = await tx.getApiKey(tenantId, apiKeyId);
    return key !== undefined && isApiKeyInForce(key, now) ? key.role : undefined;
  }

  return {
    async open(principal, source, roleClaims) {
      const { tenantId, role, id, displayName, apiKeyId } = principal;
      const token = Buffer.from(randomBytes(TOKEN_BYTES)).toString('base64url');
      const sessionHash = hash(token);
      const now = clock();
      const opened = async (tx: WriteTx) => {
        const tell = (details: AuditDetails) =>
          tx.appendAudit(tenantId, auditEntry({ principal, door: 'console', source }, now, details));
        if (!(await tx.areSessionsAsWritten(tenantId))) {
          const count = await tx.renewSessions(tenantId);
          await tell({ action: 'session.end', resource: '', count, status: 'DATA_LOSS' });
        }
        await tx.deleteSessions(tenantId, (one) => !isSessionInForce(one, limits, now));
        for (const { sessionHash: ended } of await tx.deleteSessions(tenantId, isBeyondMost(id)))
          await tell({ action: 'session.end', resource: sessionIdOf(ended) });
        await tx.insertSession({
          ...{ sessionHash, tenantId, role, principal: id, displayName, apiKeyId },
          ...{ createTime: now, expireTime: now + limits.lifetimeMs, roleClaims },
        });
        await tell({ action: 'session.open', resource: sessionIdOf(sessionHash) });
      };
      await store.write(opened, { tenant: tenantId });
      return cookie(token, limits.lifetimeMs / 1_000);
    },

    async authenticate(cookies, whose, waiter) {
      const token = sessionTokenIn(cookies);
      if (token === undefined) throw notLoggedIn();
      const sessionHash = hash(token);
      const now = clock();
      const { principal, lastUseTime } = await store.read(async (tx) => {
        // Whoever comes with a session that this service did not write so has none, and may log in.
        const session = await tx.getSession(sessionHash).catch(noneIfNotAsWritten);
        if (session === undefined) throw notLoggedIn();
        const used = { session, lastUseTime: await tx.getSessionUse(session) };
        const role = isSessionInForce(used, limits, now) ? await roleToday(tx, session, now) : undefined;
        if (role === undefined) throw notLoggedIn();
        return { principal: principalIn(session, role), lastUseTime: used.lastUseTime };
      }, waiter);
      if (now - lastUseTime >= LAST_USE_RESOLUTION_MS) {
        const own = { tenant: principal.tenantId };
        marks.begin(sessionHash, () => store.write((tx) => tx.touchSession(sessionHash, now), own));
      }
      if (whose !== undefined && whose !== whoseOf(principal)) throw someoneElse();
      return principal;
    },

    async close(cookies, source) {
      const token = sessionTokenIn(cookies);
      if (token !== undefined) await endSession(hash(token), source);
      return cookie('', 0);
    },
  };

  async function endSession(sessionHash: string, source: string): Promise<void> {
    // Nobody has proved anything, so its address has its turn.
    const waiter = { owner: sourceOf(source) };
    const session = await store.read((tx) => tx.getSession(sessionHash), waiter).catch(noneIfNotAsWritten);
    if (session === undefined) return;
    const { tenantId, role, principal: id, displayName } = session;
    const principal: TenantPrincipal = { kind: 'tenant', tenantId, role, id, displayName };
    const end = async (tx: WriteTx) => {
      const ended = await tx.deleteSessions(tenantId, (one) => one.session.sessionHash === sessionHash);
      if (ended.length === 0) return;
      const details = { action: 'session.close', resource: sessionIdOf(sessionHash) } as const;
      await tx.appendAudit(tenantId, auditEntry({ principal, door: 'console', source }, clock(), details));
    };
    await store.write(end, { tenant: tenantId, urgent: true });
  }
}

/** Picks the oldest of the principal's, where one more would be too many. */
function isBeyondMost(principal: string): (one: UsedSession) => boolean {
  let kept = 0;
  return (one) => one.session.principal === principal && ++kept >= MAX_SESSIONS;
}

function principalIn(session: SessionRecord, role: Role): TenantPrincipal {
  const { tenantId, principal: id, displayName, apiKeyId, sessionHash } = session;
  return {
    ...{ kind: 'tenant', tenantId, role, id, displayName, sessionId: sessionIdOf(sessionHash) },
    ...(apiKeyId !== undefined && { apiKeyId }),
  };
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

/** The session's token in a request's Cookie header, which may hold anything else beside it. */
export function sessionTokenIn(cookies: string | undefined): string | undefined {
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
