/**
 * What happens to every call that has been let in, whatever door it came through: do it, tell.
 *
 * Transports hand in the admitted call and a request; nothing here knows HTTP.
 */

import { toBinary, type DescMessage, type Message, type MessageInitShape } from '@bufbuild/protobuf';
import { SerializedMessage } from '../domain/serialized';
import { logCall, logUnexpected, type AdmittedCall, type DispatchContext } from './admission';
import type { ServedMethod } from './method-table';
import { tellRefusal } from './refusals';
import { slicedAnswer } from './sliced-answer';
import { toDomainError } from './status';

/**
 * Answers the response message, or its bytes.
 * @param request throws DomainError INVALID_ARGUMENT for bytes that are not a message of the method.
 * @throws DomainError, whatever went wrong.
 */
export async function dispatch(
  context: DispatchContext,
  call: AdmittedCall,
  request: () => Message,
): Promise<Message | SerializedMessage> {
  call.running();
  try {
    const message = request();
    const answer = await carryOutInTurn(context, call, message);
    logCall(context, call);
    return answer;
  } catch (error) {
    const domainError = toDomainError(error);
    const { door, source, principal } = call;
    await tellRefusal(context, { method: call.method.desc.name, door, source, principal }, domainError);
    logCall(context, call, domainError);
    if (domainError.code === 'INTERNAL') logUnexpected(context, call.method, error);
    throw domainError;
  } finally {
    call.done();
  }
}

/** What takes slices is no short call, for which the slices of others wait. */
function carryOutInTurn(
  { listings }: DispatchContext,
  call: AdmittedCall,
  request: Message,
): Promise<Message | SerializedMessage> {
  const { method, principal, underWay } = call;
  if (method.isListing && principal.kind === 'tenant')
    return underWay.inSlices(() => listings.run(principal.tenantId, () => carryOut(call, request)));
  return method.isImport ? underWay.inSlices(() => carryOut(call, request)) : carryOut(call, request);
}

async function carryOut(call: AdmittedCall, request: Message): Promise<Message | SerializedMessage> {
  const { handler, desc } = call.method;
  const answer = await handler(call, request);
  return answer instanceof SerializedMessage
    ? answer
    : slicedAnswer(desc.output, answer as MessageInitShape<DescMessage>);
}

/** The response on its wire form. */
export function serializeAnswer(
  method: ServedMethod,
  answer: Message | SerializedMessage,
): SerializedMessage {
  if (answer instanceof SerializedMessage) return answer;
  return new SerializedMessage([method.write?.(answer) ?? toBinary(method.desc.output, answer)]);
}
