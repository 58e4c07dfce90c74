/** A gRPC door: its methods and no others, behind a listener, judged by their headers. */

import type { Message } from '@bufbuild/protobuf';
import { constants, type IncomingHttpHeaders } from 'node:http2';
import type {
  handleUnaryCall,
  sendUnaryData,
  Server,
  ServerUnaryCall,
  ServiceDefinition,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { DoorName, Principal } from '../domain/principal';
import { SerializedMessage } from '../domain/serialized';
import type { Connection } from '../wire/listener/connection';
import { createGrpcGate, type GrpcGate } from '../wire/listener/grpc-gate';
import { unlessTakenBack } from '../wire/listener/taken-back';
import type { ListenerLimits } from '../wire/listener/limits';
import { openListener, type ListenerOptions } from '../wire/listener/listener';
import { OpenRequests } from '../wire/listener/open-requests';
import { requestTooSlow } from '../wire/listener/request-too-slow';
import { asBuffer, methodPath } from '../wire/method';
import { parseMessage } from '../wire/parse-message';
import { deadlineOf, parseGrpcTimeout } from '../wire/timeout';
import { CallUnderWay } from '../work/pace';
import { admit, type AdmittedCall, type DispatchContext } from './admission';
import { dispatch, serializeAnswer } from './dispatch';
import type { ServedMethod } from './method-table';
import { toDomainError, toServiceError } from './status';
import { UnhandledRequests, wipeReceived, wipeWritten } from './wiped-stream';

/** How a gRPC door learns who calls. @throws DomainError UNAUTHENTICATED. */
export type Authenticate = (
  connection: Connection,
  headers: IncomingHttpHeaders,
) => Principal | Promise<Principal>;

export interface GrpcDoor {
  /** Takes the services that every door has besides its own: health, reflection. */
  readonly server: Server;
  /** @returns the address as clients dial it, and what closes the door within so many milliseconds. */
  listen(
    options: ListenerOptions,
  ): Promise<{ readonly address: string; stop(drainMs: number): Promise<void> }>;
}

/** The largest request in bytes: a report of reads of 1,000 executions fits, a flood does not. */
const MAX_REQUEST_BYTES = 4 * 1024 * 1024;
/** The largest response in bytes: two full scopes with their names. */
const MAX_RESPONSE_BYTES = 8 * 1024 * 1024;
/** Of one connection's frames and headers that Node holds, in MiB; bodies are counted per principal. */
const MAX_SESSION_MIB = 32;

export function createGrpcDoor(
  context: DispatchContext,
  door: DoorName,
  methods: readonly ServedMethod[],
  authenticate: Authenticate,
  limits: ListenerLimits,
): GrpcDoor {
  const byPath = new Map(methods.map((method) => [methodPath(method.desc), method]));
  const unhandled = new UnhandledRequests<AdmittedCall>();
  const gate: GrpcGate<AdmittedCall> = createGrpcGate(
    {
      'grpc.max_receive_message_length': MAX_REQUEST_BYTES,
      'grpc.max_send_message_length': MAX_RESPONSE_BYTES,
      'grpc.max_concurrent_streams': limits.streams,
      'grpc-node.max_session_memory': MAX_SESSION_MIB,
      // A client that vanished without a word is noticed, and its streams ended.
      'grpc.keepalive_time_ms': 60_000,
      'grpc.keepalive_timeout_ms': 20_000,
    },
    {
      judge(stream, headers) {
        const method = byPath.get(headers[':path'] ?? '');
        const connection = requests.connectionOf(stream.session);
        if (method === undefined || connection === undefined) return undefined;
        const underWay = new CallUnderWay();
        stream.once('close', () => underWay.over());
        const deadline = deadlineOf(parseGrpcTimeout(headers['grpc-timeout']));
        const incoming = {
          door,
          connection,
          underWay,
          deadline,
          authenticate: () => authenticate(connection, headers),
        };
        return unlessTakenBack(() => stream.destroyed).then(() => admit(context, method, incoming));
      },
      entered(stream, call) {
        stream.once('close', () => call.abandoned());
        stream.on('data', (bytes: Buffer) => {
          if (!call.received(bytes.byteLength)) stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
        });
        if (call.method.takesValues) {
          wipeReceived(stream);
          stream.once('close', () => unhandled.closed(call));
        }
        if (call.method.givesValues) wipeWritten(stream);
      },
      left: (call) => call.abandoned(),
      reads: (call) =>
        call.method.takesValues ? (request) => unhandled.add(call, request as Buffer) : undefined,
      toServiceError: (error) => toServiceError(toDomainError(error)),
    },
  );
  const requests: OpenRequests = new OpenRequests({
    http2: gate.http2,
    kindOf: (path) => (byPath.has(path) ? 'call' : 'watch'),
    tooSlow: (stream) => gate.refuse(stream, requestTooSlow()),
  });
  addMethods(context, methods, gate, unhandled);
  return {
    server: gate.server,
    async listen(options) {
      const listener = await openListener(requests, options);
      return {
        address: listener.address,
        async stop(drainMs) {
          await listener.stop(drainMs);
          gate.server.forceShutdown();
        },
      };
    },
  };
}

function addMethods(
  context: DispatchContext,
  methods: readonly ServedMethod[],
  gate: GrpcGate<AdmittedCall>,
  unhandled: UnhandledRequests<AdmittedCall>,
): void {
  for (const service of new Set(methods.map((method) => method.desc.parent))) {
    const definition: Record<string, ServiceDefinition[string]> = {};
    const implementation: Record<string, UntypedServiceImplementation[string]> = {};
    for (const method of methods.filter((one) => one.desc.parent === service)) {
      definition[method.desc.name] = methodDefinition(method);
      implementation[method.desc.name] = unaryHandler(context, method, gate, unhandled);
    }
    gate.server.addService(definition, implementation);
  }
}

function methodDefinition(method: ServedMethod): ServiceDefinition[string] {
  const asIs = (bytes: Buffer): Buffer => bytes;
  return {
    path: methodPath(method.desc),
    requestStream: false,
    responseStream: false,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: (answer: Message | SerializedMessage) => asBuffer(serializeAnswer(method, answer)),
    responseDeserialize: asIs,
  };
}

function unaryHandler(
  context: DispatchContext,
  method: ServedMethod,
  gate: GrpcGate<AdmittedCall>,
  unhandled: UnhandledRequests<AdmittedCall>,
): handleUnaryCall<Buffer, unknown> {
  return (call: ServerUnaryCall<Buffer, unknown>, callback: sendUnaryData<unknown>) => {
    const admitted = gate.admitted(call);
    unhandled.handled(admitted);
    dispatch(context, admitted, () => parseRequest(method, call.request)).then(
      (answer) => {
        // grpc-js copies the answer into a frame of its own at once, or drops it where the client is gone.
        callback(null, answer);
        if (answer instanceof SerializedMessage) answer.wipe();
      },
      (error: unknown) => callback(toServiceError(toDomainError(error))),
    );
  };
}

/** Values are views of the request, and wiped by who handles them; of what is no message nobody does. */
function parseRequest(method: ServedMethod, request: Buffer): Message {
  try {
    return parseMessage(method.desc.input, request);
  } catch (error) {
    if (method.takesValues) request.fill(0);
    throw error;
  }
}
