/**
 * What happens to every call on every door, in this order: who is it, may they, do it, tell.
 *
 * Transports hand in a way to authenticate and a request; nothing here knows HTTP.
 */

import { create, toBinary, type DescMessage, type Message, type MessageInitShape } from '@bufbuild/protobuf';
import type { Logger } from 'pino';
import { auditEntry, type AuditDetails } from '../domain/audit-entry';
import { DomainError } from '../domain/errors';
import type { Clock } from '../domain/clock';
import type { DoorName, Principal } from '../domain/principal';
import { SerializedMessage } from '../domain/serialized';
import type { Store } from '../store/store';
import type { ServedMethod } from './method-table';
import { errorPlace } from '../wire/error-place';
import { authorize } from '../wire/policy';
import { toDomainError } from './status';

/** What all calls of a process share. */
export interface DispatchContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A call as a transport sees it. */
export interface IncomingCall {
  readonly door: DoorName;
  /** @throws DomainError UNAUTHENTICATED. */
  readonly authenticate: () => Promise<Principal>;
  /** @throws DomainError INVALID_ARGUMENT for bytes that are no message. */
  readonly request: () => Message;
}

/** Answers the response message, or its bytes. @throws DomainError, whatever went wrong. */
export async function dispatch(
  context: DispatchContext,
  method: ServedMethod,
  incoming: IncomingCall,
): Promise<Message | SerializedMessage> {
  const started = context.clock();
  const rpc = `${method.desc.parent.typeName}/${method.desc.name}`;
  const log = { rpc, door: incoming.door, principal: undefined as string | undefined };
  try {
    const principal = await incoming.authenticate();
    log.principal = principal.id;
    await checkAllowed(context, method, incoming.door, principal);
    const answer = await method.handler({ principal, door: incoming.door }, incoming.request());
    context.logger.info({ ...log, status: 'OK', ms: context.clock() - started }, 'call');
    return answer instanceof SerializedMessage
      ? answer
      : create(method.desc.output, answer as MessageInitShape<DescMessage>);
  } catch (error) {
    const domainError = toDomainError(error);
    const status = { status: domainError.code, reason: domainError.reason };
    context.logger.info({ ...log, ...status, ms: context.clock() - started }, 'call');
    if (domainError.code === 'INTERNAL')
      context.logger.error({ rpc, ...errorPlace(error) }, 'unexpected error');
    throw domainError;
  }
}

/** The response on its wire form. */
export function serializeAnswer(method: ServedMethod, answer: Message | SerializedMessage): Uint8Array {
  return answer instanceof SerializedMessage ? answer.expose() : toBinary(method.desc.output, answer);
}

/** Denials of a tenant's own members are in that tenant's audit log. */
async function checkAllowed(
  context: DispatchContext,
  method: ServedMethod,
  door: DoorName,
  principal: Principal,
): Promise<void> {
  try {
    authorize(principal, method.access);
  } catch (error) {
    if (error instanceof DomainError && principal.kind === 'tenant') {
      const details: AuditDetails = {
        action: 'call.denied',
        resource: method.desc.name,
        allowed: false,
        status: error.code,
        count: 0,
      };
      const entry = auditEntry({ principal, door }, context.clock(), details);
      await context.store.write((tx) => tx.appendAudit(principal.tenantId, entry));
    }
    throw error;
  }
}
