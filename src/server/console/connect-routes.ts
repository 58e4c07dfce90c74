/** Puts the management methods on the Connect protocol, for the console: the same chain as on gRPC. */

import type { DescService, Message } from '@bufbuild/protobuf';
import { Code, ConnectError, type ConnectRouter, type HandlerContext } from '@connectrpc/connect';
import type { DomainError } from '../../domain/errors';
import type { Principal } from '../../domain/principal';
import { SerializedMessage } from '../../domain/serialized';
import { dispatch, type DispatchContext } from '../dispatch';
import type { ServedMethod } from '../method-table';
import { errorDetails, toDomainError } from '../status';

/** Connect's codes are gRPC's under other names (connectrpc.com/docs/protocol#error-codes). */
const CODES: Record<DomainError['code'], Code> = {
  INVALID_ARGUMENT: Code.InvalidArgument,
  NOT_FOUND: Code.NotFound,
  ALREADY_EXISTS: Code.AlreadyExists,
  ABORTED: Code.Aborted,
  RESOURCE_EXHAUSTED: Code.ResourceExhausted,
  FAILED_PRECONDITION: Code.FailedPrecondition,
  PERMISSION_DENIED: Code.PermissionDenied,
  UNAUTHENTICATED: Code.Unauthenticated,
  UNAVAILABLE: Code.Unavailable,
  UNIMPLEMENTED: Code.Unimplemented,
  DATA_LOSS: Code.DataLoss,
  DEADLINE_EXCEEDED: Code.DeadlineExceeded,
  CANCELLED: Code.Canceled,
  INTERNAL: Code.Internal,
};

/** Adds every service of the methods. @param authenticate by the request's headers. @throws DomainError UNAUTHENTICATED. */
export function addConnectRoutes(
  router: ConnectRouter,
  context: DispatchContext,
  methods: readonly ServedMethod[],
  authenticate: (headers: Headers) => Promise<Principal>,
): void {
  for (const service of new Set<DescService>(methods.map((method) => method.desc.parent))) {
    const ofService = methods.filter((method) => method.desc.parent === service);
    const implementation = Object.fromEntries(
      ofService.map((method) => [method.desc.localName, connectHandler(context, method, authenticate)]),
    );
    router.service(service, implementation as never);
  }
}

function connectHandler(
  context: DispatchContext,
  method: ServedMethod,
  authenticate: (headers: Headers) => Promise<Principal>,
) {
  return async (request: Message, { requestHeader }: HandlerContext): Promise<Message> => {
    try {
      const answer = await dispatch(context, method, {
        door: 'console',
        authenticate: () => authenticate(requestHeader),
        request: () => request,
      });
      if (answer instanceof SerializedMessage)
        throw new Error('a serialized answer has no place at the console');
      return answer;
    } catch (error) {
      throw toConnectError(toDomainError(error));
    }
  };
}

function toConnectError(error: DomainError): ConnectError {
  const details = errorDetails(error).map(({ desc, value }) => ({ desc, value }));
  return new ConnectError(error.message, CODES[error.code], undefined, details as never);
}
