/** Puts the management methods on the Connect protocol, for the console: the same chain as on gRPC. */

import type { DescService, Message } from '@bufbuild/protobuf';
import {
  Code,
  ConnectError,
  createContextKey,
  createContextValues,
  type ConnectRouter,
  type ContextValues,
  type HandlerContext,
} from '@connectrpc/connect';
import type { DomainError } from '../../domain/errors';
import { SerializedMessage } from '../../domain/serialized';
import type { AdmittedCall, DispatchContext } from '../admission';
import { dispatch } from '../dispatch';
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

const ADMITTED = createContextKey<AdmittedCall | undefined>(undefined);

/** What a request was let in as, on its way to its handler. */
export function carry(call: AdmittedCall): ContextValues {
  return createContextValues().set(ADMITTED, call);
}

/** Adds every service of the methods. Each request carries what it was let in as. */
export function addConnectRoutes(
  router: ConnectRouter,
  context: DispatchContext,
  methods: readonly ServedMethod[],
): void {
  for (const service of new Set<DescService>(methods.map((method) => method.desc.parent))) {
    const ofService = methods.filter((method) => method.desc.parent === service);
    const implementation = Object.fromEntries(
      ofService.map((method) => [method.desc.localName, connectHandler(context)]),
    );
    router.service(service, implementation as never);
  }
}

function connectHandler(context: DispatchContext) {
  return async (request: Message, { values }: HandlerContext): Promise<Message> => {
    try {
      const call = values.get(ADMITTED);
      if (call === undefined) throw new Error('a request reached its handler without having been let in');
      const answer = await dispatch(context, call, () => request);
      if (answer instanceof SerializedMessage)
        throw new Error('a serialized answer has no place at the console');
      return answer;
    } catch (error) {
      throw toConnectError(toDomainError(error));
    }
  };
}

export function toConnectError(error: DomainError): ConnectError {
  const details = errorDetails(error).map(({ desc, value }) => ({ desc, value }));
  return new ConnectError(error.message, CODES[error.code], undefined, details as never);
}
