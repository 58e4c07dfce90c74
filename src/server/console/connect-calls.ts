/**
 * Calls of the Connect protocol at the console's door. Its library is loaded with this file, at the first call: a start
 * does not wait for it, nor does a service that nobody looks at with a browser keep it (docs/decisions/start-up.md).
 */

import { constants } from 'node:http2';
import { Code, ConnectError, createConnectRouter } from '@connectrpc/connect';
import { codeToHttpStatus, errorToJson } from '@connectrpc/connect/protocol-connect';
import { universalRequestFromNodeRequest, universalResponseToNodeResponse } from '@connectrpc/connect-node';
import { DomainError } from '../../domain/errors';
import { unlessTakenBack } from '../../wire/listener/taken-back';
import { methodPath } from '../../wire/method';
import { requireFewFields } from '../../wire/parse-message';
import { ReceivedBytes } from '../../wire/received-bytes';
import { deadlineOf, parseConnectTimeout } from '../../wire/timeout';
import { CallUnderWay } from '../../work/pace';
import { admit, logUnexpected, type AdmittedCall } from '../admission';
import type { ServedMethod } from '../method-table';
import { MAX_REQUEST_BYTES } from '../request-size';
import { toDomainError } from '../status';
import { addConnectRoutes, carry, toConnectError } from './connect-routes';
import { judgeSession } from './judge-session';
import type { ConsoleParts } from './parts';
import { answer, answerJson, clientOf, isGone, WHOSE_HEADER, type Response, type Visit } from './visit';

/** Serves one call, whatever becomes of it. */
export type ServeCall = (path: string, visit: Visit) => Promise<void>;

type Connect = (call: AdmittedCall, visit: Visit) => Promise<void>;

export function connectCalls(parts: ConsoleParts): ServeCall {
  const methods = new Map(parts.methods.map((method) => [methodPath(method.desc), method]));
  const connect = connectHandler(parts);
  return (path, visit) => serveCall(parts, { method: methods.get(path), connect }, visit);
}

/** Not connectNodeAdapter: it writes to stderr, with a stack, whenever a client has gone before its answer. */
function connectHandler({ context, methods }: ConsoleParts): Connect {
  const router = createConnectRouter({
    ...{ connect: true, grpc: false, grpcWeb: false },
    readMaxBytes: MAX_REQUEST_BYTES,
  });
  addConnectRoutes(router, context, methods);
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
  return async (call, { request, response }) => {
    try {
      const handle = handlers.get(methodPath(call.method.desc));
      if (handle === undefined) throw new Error('a method was admitted that the router does not have');
      const asked = universalRequestFromNodeRequest(request, response, undefined, carry(call));
      const body = wholeBody(call.method, asked.body as AsyncIterable<Uint8Array>);
      await universalResponseToNodeResponse(await handle({ ...asked, body }), response);
    } catch (error) {
      if (isGone({ request, response })) return;
      logUnexpected(context, call.method, error);
      if (request.httpVersionMajor < 2) response.destroy();
      else response.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    }
  };
}

/**
 * A request's body, once all of it is here and has no more fields than it may: Connect's own parser counts none.
 * Connect copies it; what was read here may hold a value that a program did not seal, and is zeroed.
 */
async function* wholeBody(
  { desc, maxRequestBytes }: ServedMethod,
  parts: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const received = new ReceivedBytes(true);
  try {
    for await (const part of parts) {
      received.add(part);
      if (received.length > maxRequestBytes) throw tooLarge();
    }
    const whole = received.take();
    requireFewFields(desc.input, whole);
    yield whole;
  } catch (error) {
    throw toConnectError(toDomainError(error));
  } finally {
    received.drop();
  }
}

/** One call of the Connect protocol: judged by its headers, and only then read. */
async function serveCall(
  parts: ConsoleParts,
  { method, connect }: { readonly method: ServedMethod | undefined; readonly connect: Connect },
  visit: Visit,
): Promise<void> {
  const { request, response, connection } = visit;
  const { 'content-type': type, 'content-length': length, [WHOSE_HEADER]: whose } = request.headers;
  // JSON parsers quote what they could not parse, and that may be a value; the binary form's do not.
  if (type !== 'application/proto')
    return answer(response, 415, 'use the binary form of the Connect protocol\n');
  if (method === undefined) return answerConnectError(response, noSuchMethod());
  if (length === undefined) return answer(response, 411, 'say the length of the body\n');
  const underWay = new CallUnderWay();
  response.once('close', () => underWay.over());
  try {
    const deadline = deadlineOf(parseConnectTimeout(request.headers['connect-timeout-ms']));
    await unlessTakenBack(() => isGone(visit));
    const client = clientOf(visit, deadline);
    const admitted = await admit(parts.context, method, {
      ...{ door: 'console', connection, underWay, client },
      authenticate: (waiter) =>
        judgeSession(parts, visit, waiter, whose === undefined ? undefined : String(whose)),
    });
    response.once('close', () => admitted.abandoned());
    if (isGone(visit)) return admitted.abandoned();
    if (Number(length) > method.maxRequestBytes || !admitted.received(Number(length))) throw tooLarge();
    await connect(admitted, visit);
  } catch (error) {
    answerConnectError(response, toConnectError(toDomainError(error)));
  }
}

function tooLarge(): DomainError {
  return new DomainError(
    'RESOURCE_EXHAUSTED',
    'the request is larger than it may be, or too many large ones are under way; send less at once',
    'TOO_MANY_BYTES',
  );
}

function noSuchMethod(): ConnectError {
  return new ConnectError('this door has no such method; see the services in proto/', Code.Unimplemented);
}

/** As the Connect protocol writes a unary call's error. */
function answerConnectError(response: Response, error: ConnectError): void {
  answerJson(response, codeToHttpStatus(error.code), errorToJson(error, undefined));
}
