/** AccessService on the management door: console sessions, one's own and, for admins, everybody's. */

import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { auditEntry } from '../domain/audit-entry';
import type { Call, Handlers } from '../domain/call';
import { DomainError, invalid } from '../domain/errors';
import type { TenantPrincipal } from '../domain/principal';
import { isSessionInForce, sessionIdOf } from '../domain/session';
import type { AccessService } from '../gen/axiom/access/v1/access_pb';
import type { SessionRecord, UsedSession } from '../store/records';
import type { WriteTx } from '../store/store';
import { ROLES } from './access';
import type { ManagementContext } from './context';

type Methods = 'listSessions' | 'endSessions';

export function sessionsHandlers(
  context: ManagementContext,
): Handlers<typeof AccessService, Methods, TenantPrincipal> {
  const { store, clock, sessionLimits } = context;

  /** Picks those in force; an admin may see everybody's. */
  function visible({ principal }: Call<TenantPrincipal>, isAsked: (session: SessionRecord) => boolean) {
    const now = clock();
    return (one: UsedSession) =>
      isSessionInForce(one, sessionLimits, now) &&
      (principal.role === 'admin' || one.session.principal === principal.id) &&
      isAsked(one.session);
  }

  return {
    async listSessions(call, request) {
      if (request.allPrincipals) checkAdmin(call);
      const isAsked = ({ principal }: SessionRecord) =>
        request.allPrincipals || principal === call.principal.id;
      const sessions = await store.read((tx) => tx.listSessions(call.principal.tenantId), call);
      return {
        sessions: sessions
          .filter(visible(call, isAsked))
          .slice(0, MAX_LISTED)
          .map(({ session, lastUseTime }) => {
            const sessionId = sessionIdOf(session.sessionHash);
            const { principal, displayName, role, createTime, expireTime } = session;
            return {
              ...{ sessionId, principal, displayName, role: ROLES[role] },
              createTime: timestampFromMs(createTime),
              lastUseTime: timestampFromMs(lastUseTime),
              expireTime: timestampFromMs(expireTime),
              isCurrent: sessionId === call.principal.sessionId,
            };
          }),
      };
    },

    async endSessions(call, request) {
      const { sessionId, principal } = request;
      if (sessionId !== '' && principal !== '') throw bothNamed();
      if (principal !== '' && principal !== call.principal.id) checkAdmin(call);
      const whose = principal || call.principal.id;
      const isAsked = (session: SessionRecord) =>
        sessionId === '' ? session.principal === whose : sessionIdOf(session.sessionHash) === sessionId;
      const { tenantId } = call.principal;
      const end = async (tx: WriteTx) => {
        const ended = await tx.deleteSessions(tenantId, visible(call, isAsked));
        if (sessionId !== '' && ended.length === 0) throw sessionNotFound();
        for (const session of ended) {
          const details = { action: 'session.end', resource: sessionIdOf(session.sessionHash) } as const;
          await tx.appendAudit(tenantId, auditEntry(call, clock(), details));
        }
        return { endedCount: ended.length };
      };
      return store.write(end, { waiter: call, tenant: tenantId, urgent: true });
    },
  };
}

const MAX_LISTED = 1_000;

function checkAdmin({ principal }: Call<TenantPrincipal>): void {
  if (principal.role === 'admin') return;
  throw new DomainError(
    'PERMISSION_DENIED',
    'only admins see and end the sessions of others; ask an admin of your tenant',
    'NOT_YOUR_SESSIONS',
  );
}

function bothNamed(): DomainError {
  return invalid({ field: 'principal', description: 'comes with a session_id; name one of the two' });
}

function sessionNotFound(): DomainError {
  return new DomainError(
    'NOT_FOUND',
    'no such session is in force; list the sessions to see which are',
    'SESSION_NOT_FOUND',
  );
}
