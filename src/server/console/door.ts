/** The console's door: HTTPS with the app's pages, log-in and log-out, and the Connect protocol behind a session cookie. */

import { createServer as createHttp1Server } from 'node:http';
import {
  constants,
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Stream,
} from 'node:http2';
import { Code, ConnectError, createConnectRouter } from '@connectrpc/connect';
import { codeToHttpStatus, errorToJson } from '@connectrpc/connect/protocol-connect';
import { universalRequestFromNodeRequest, universalResponseToNodeResponse } from '@connectrpc/connect-node';
import { DomainError } from '../../domain/errors';
import type { TenantPrincipal } from '../../domain/principal';
import { sourceAddress } from '../../domain/source-address';
import type { Connection } from '../../wire/listener/connection';
import type { ListenerLimits } from '../../wire/listener/limits';
import { openListener, type Listener, type ListenerOptions } from '../../wire/listener/listener';
import { OpenRequests } from '../../wire/listener/open-requests';
import { unlessTakenBack } from '../../wire/listener/taken-back';
import { methodPath } from '../../wire/method';
import { requireFewFields } from '../../wire/parse-message';
import { ReceivedBytes } from '../../wire/received-bytes';
import { deadlineOf, parseConnectTimeout } from '../../wire/timeout';
import { CallUnderWay } from '../../work/pace';
import { admit, logUnexpected, type AdmittedCall, type DispatchContext } from '../admission';
import type { ApiKeyAuthenticator } from '../bearer';
import type { ServedMethod } from '../method-table';
import { TOO_MANY_FAILED_PROOFS, type FailedProofs } from '../failed-proofs';
import { tellRefusedLogin } from '../refusals';
import { toDomainError } from '../status';
import { addConnectRoutes, carry, toConnectError } from './connect-routes';
import { CLEAR_SITE_DATA, isSameOrigin, SECURITY_HEADERS } from './headers';
import type { OpenIdLogin } from '../oidc/login';
import { whoseOf, type Sessions } from './sessions';
import type { StaticFiles } from './static-files';

/** What the console's door needs. */
export interface ConsoleParts {
  readonly context: DispatchContext;
  readonly methods: readonly ServedMethod[];
  readonly keys: ApiKeyAuthenticator;
  readonly sessions: Sessions;
  readonly failedProofs: FailedProofs;
  readonly files: StaticFiles;
  /** Undefined: people log in with API keys only. */
  readonly oidc: OpenIdLogin | undefined;
  readonly limits: ListenerLimits;
}

/** Whatever it is called: of a request's address only the path counts. */
const CONSOLE_ORIGIN = 'https://console';

/** An API key is shorter; nobody uploads anything here. */
const MAX_LOGIN_BYTES = 1_024;
/** A package's manifest, or a value; see the protos' limits. */
const MAX_REQUEST_BYTES = 1024 * 1024;
/** Of one connection's frames and headers that Node holds, in MB. */
const MAX_SESSION_MB = 32;

type Request = Http2ServerRequest;
type Response = Http2ServerResponse;

/** A request with the connection that it came on. */
interface Visit {
  readonly request: Request;
  readonly response: Response;
  readonly connection: Connection | undefined;
}

interface ConsoleHandlers {
  readonly parts: ConsoleParts;
  readonly methods: ReadonlyMap<string, ServedMethod>;
  readonly connect: (call: AdmittedCall, visit: Visit) => Promise<void>;
}

export function openConsoleDoor(parts: ConsoleParts, options: ListenerOptions): Promise<Listener> {
  const handlers = {
    parts,
    methods: new Map(parts.methods.map((method) => [methodPath(method.desc), method])),
    connect: connectHandler(parts),
  };
  const serve = (request: Request, response: Response): void => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    response.once('finish', () => dropRest(request));
    // HTTP/1.1 requests have no stream.
    const carrier = request.httpVersionMajor < 2 ? request.socket : request.stream.session;
    const visit = { request, response, connection: requests.connectionOf(carrier) };
    route(handlers, visit).catch((error: unknown) => answerError(response, toDomainError(error)));
  };
  const http2 = createHttp2Server(
    { settings: { maxConcurrentStreams: parts.limits.streams }, maxSessionMemory: MAX_SESSION_MB },
    serve,
  );
  const http1 = createHttp1Server((request, response) =>
    serve(request as unknown as Request, response as unknown as Response),
  );
  const requests = new OpenRequests({ http1, http2, kindOf: () => 'call', tooSlow });
  return openListener(requests, options);
}

/** What is answered already need not be sent to its end (RFC 9113 §8.1). */
function dropRest(request: Request): void {
  if (request.httpVersionMajor >= 2 && !request.complete) request.stream.close(constants.NGHTTP2_NO_ERROR);
}

function tooSlow(stream: ServerHttp2Stream): void {
  if (!stream.headersSent && !stream.destroyed)
    stream.respond({ [constants.HTTP2_HEADER_STATUS]: 408 }, { endStream: true });
  stream.close(constants.NGHTTP2_NO_ERROR);
}

/** Not connectNodeAdapter: it writes to stderr, with a stack, whenever a client has gone before its answer. */
function connectHandler({ context, methods }: ConsoleParts): ConsoleHandlers['connect'] {
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
  { desc }: ServedMethod,
  parts: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const received = new ReceivedBytes(true);
  try {
    for await (const part of parts) {
      received.add(part);
      if (received.length > MAX_REQUEST_BYTES) throw tooLarge();
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

/** Node's HTTP/2 responses have no `destroyed` of their own, though their types say so. */
function isGone({ request, response }: Pick<Visit, 'request' | 'response'>): boolean {
  return request.httpVersionMajor < 2 ? response.destroyed : response.stream.destroyed;
}

async function route(handlers: ConsoleHandlers, visit: Visit): Promise<void> {
  const { parts } = handlers;
  const { request, response } = visit;
  if (!URL.canParse(request.url, CONSOLE_ORIGIN))
    return answer(response, 400, 'this is no address of a page\n');
  const path = new URL(request.url, CONSOLE_ORIGIN).pathname;
  const method = request.method;
  if (method !== 'GET' && method !== 'HEAD' && !isSameOrigin(request.headers)) throw crossSite();
  if (path.startsWith('/axiom.')) return call(handlers, path, visit);
  if (path === '/console/session') return session(parts, visit);
  if (path === '/console/login-methods')
    return answerJson(response, 200, { apiKey: true, oidc: parts.oidc?.displayName ?? null });
  if (parts.oidc !== undefined && path === '/console/oidc/start') return parts.oidc.start(request, response);
  if (parts.oidc !== undefined && path === '/console/oidc/callback')
    return parts.oidc.finish(request, response);
  if (method !== 'GET' && method !== 'HEAD') return answer(response, 405, 'pages are read with GET\n');
  if (path === '/') return redirect(response, '/console/secrets');
  const file = parts.files.get(path, {
    acceptEncoding: String(request.headers['accept-encoding'] ?? ''),
    ifNoneMatch: String(request.headers['if-none-match'] ?? ''),
  });
  if (file === undefined) return answer(response, 404, 'there is no such page; go to /console/secrets\n');
  response.writeHead(file.status, file.headers);
  response.end(method === 'HEAD' ? '' : file.body);
}

/** One call of the Connect protocol: judged by its headers, and only then read. */
async function call({ parts, methods, connect }: ConsoleHandlers, path: string, visit: Visit): Promise<void> {
  const { request, response, connection } = visit;
  const { 'content-type': type, 'content-length': length, cookie, [WHOSE_HEADER]: whose } = request.headers;
  // JSON parsers quote what they could not parse, and that may be a value; the binary form's do not.
  if (type !== 'application/proto')
    return answer(response, 415, 'use the binary form of the Connect protocol\n');
  const method = methods.get(path);
  if (method === undefined) return answerConnectError(response, noSuchMethod());
  if (length === undefined) return answer(response, 411, 'say the length of the body\n');
  const underWay = new CallUnderWay();
  response.once('close', () => underWay.over());
  try {
    await unlessTakenBack(() => isGone(visit));
    const admitted = await admit(parts.context, method, {
      ...{ door: 'console', connection, underWay },
      deadline: deadlineOf(parseConnectTimeout(request.headers['connect-timeout-ms'])),
      authenticate: () =>
        parts.failedProofs.judge(connection?.address ?? '', cookie, () =>
          parts.sessions.authenticate(cookie, whose === undefined ? undefined : String(whose)),
        ),
    });
    response.once('close', () => admitted.abandoned());
    if (isGone(visit)) return admitted.abandoned();
    if (Number(length) > MAX_REQUEST_BYTES || !admitted.received(Number(length))) throw tooLarge();
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

/** A page sends whose it is with each call; see whoseOf. */
const WHOSE_HEADER = 'axiom-whose';

/** POST opens a session with an API key, DELETE ends it, GET says whose it is. */
async function session(parts: ConsoleParts, visit: Visit): Promise<void> {
  const { request, response, connection } = visit;
  const address = connection?.address ?? '';
  const source = sourceAddress(address);
  const { cookie } = request.headers;
  if (request.method === 'POST') {
    const key = await readApiKey(request);
    const login = parts.failedProofs.judge(address, key, () => parts.keys.authenticateKey(key));
    const principal = await login.catch((error: unknown) => {
      const { code, reason } = toDomainError(error);
      if (code === 'UNAUTHENTICATED' || reason === TOO_MANY_FAILED_PROOFS)
        tellRefusedLogin(parts.context, source, code);
      throw error;
    });
    connection?.prove();
    response.setHeader('set-cookie', await parts.sessions.open(principal, source));
    return answerJson(response, 200, describe(principal));
  }
  const whose = request.headers[WHOSE_HEADER];
  if (request.method === 'DELETE') {
    if (whose !== undefined) await parts.sessions.authenticate(cookie, String(whose));
    response.setHeader('set-cookie', await parts.sessions.close(cookie, source));
    return answerJson(response, 200, {}, CLEAR_SITE_DATA);
  }
  const whoseSession = parts.failedProofs.judge(address, cookie, () => parts.sessions.authenticate(cookie));
  return answerJson(response, 200, describe(await whoseSession));
}

function describe(principal: TenantPrincipal) {
  const { tenantId, role, displayName } = principal;
  return { tenantId, role, displayName, whose: whoseOf(principal) };
}

/** The body is the key itself, as text. */
async function readApiKey(request: Request): Promise<string> {
  const received = new ReceivedBytes(true);
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      received.add(chunk);
      if (received.length > MAX_LOGIN_BYTES) break;
    }
    return received.take().toString('utf8').trim();
  } finally {
    received.drop();
  }
}

function crossSite(): DomainError {
  return new DomainError(
    'PERMISSION_DENIED',
    'this request did not come from the console; open the console and try there',
    'CROSS_SITE',
  );
}

const HTTP_STATUS: Partial<Record<DomainError['code'], number>> = {
  RESOURCE_EXHAUSTED: 429,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  INVALID_ARGUMENT: 400,
  UNAVAILABLE: 503,
};

function answerError(response: Response, error: DomainError): void {
  answerJson(response, HTTP_STATUS[error.code] ?? 500, { code: error.code, message: error.message });
}

function answerJson(
  response: Response,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

function answer(response: Response, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(text);
}

function redirect(response: Response, location: string): void {
  response.writeHead(302, { location });
  response.end();
}
