/** The console's door: HTTPS with the app's pages, log-in and log-out, and the Connect protocol behind a session cookie. */

import { createServer as createHttp1Server } from 'node:http';
import { constants, createServer as createHttp2Server, type ServerHttp2Stream } from 'node:http2';
import { DomainError } from '../../domain/errors';
import type { TenantPrincipal } from '../../domain/principal';
import { sourceAddress } from '../../domain/source-address';
import { openListener, type Listener, type ListenerOptions } from '../../wire/listener/listener';
import { sourceOf } from '../../wire/listener/source-address';
import { OpenRequests } from '../../wire/listener/open-requests';
import { ReceivedBytes } from '../../wire/received-bytes';
import { TOO_MANY_FAILED_PROOFS } from '../failed-proofs';
import { tellRefusedLogin } from '../refusals';
import { toDomainError } from '../status';
import type * as ConnectCalls from './connect-calls';
import { CLEAR_SITE_DATA, isSameOrigin, SECURITY_HEADERS } from './headers';
import { judgeSession } from './judge-session';
import type { ConsoleParts } from './parts';
import { whoseOf } from './sessions';
import {
  answer,
  answerJson,
  clientOf,
  isGone,
  WHOSE_HEADER,
  type Request,
  type Response,
  type Visit,
} from './visit';

/** Whatever it is called: of a request's address only the path counts. */
const CONSOLE_ORIGIN = 'https://console';

/** An API key is shorter; nobody uploads anything here. */
const MAX_LOGIN_BYTES = 1_024;
/** Of one connection's frames and headers that Node holds, in MB. */
const MAX_SESSION_MB = 32;

/** @returns what serves a call, loaded at the first one. */
function callsOf(parts: ConsoleParts): ConnectCalls.ServeCall {
  let loaded: ConnectCalls.ServeCall | undefined;
  return (path, visit) => {
    if (loaded === undefined) {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only where it is used
      const { connectCalls } = require('./connect-calls') as typeof ConnectCalls;
      loaded = connectCalls(parts);
    }
    return loaded(path, visit);
  };
}

export function openConsoleDoor(parts: ConsoleParts, options: ListenerOptions): Promise<Listener> {
  const call = callsOf(parts);
  const serve = (request: Request, response: Response): void => {
    if (isGone({ request, response })) return;
    if (isChunked(request)) return void request.socket.destroy();
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    response.once('finish', () => dropRest(request));
    // HTTP/1.1 requests have no stream.
    const carrier = request.httpVersionMajor < 2 ? request.socket : request.stream.session;
    const visit = { request, response, connection: requests.connectionOf(carrier) };
    const begin = (): void =>
      void route(parts, call, visit).catch((error: unknown) => answerError(response, toDomainError(error)));
    const turn = visit.connection && requests.turnOf(visit.connection, response);
    if (turn === undefined) begin();
    else void turn.then(() => isGone(visit) || begin());
  };
  const http2 = createHttp2Server({ maxSessionMemory: MAX_SESSION_MB }, serve);
  const http1 = createHttp1Server((request, response) =>
    serve(request as unknown as Request, response as unknown as Response),
  );
  const requests = new OpenRequests({
    ...{ http1, http2, tooSlow },
    limits: parts.limits,
    kindOf: () => 'call',
  });
  return openListener(requests, options);
}

/**
 * A chunk costs as much whatever it holds, and of HTTP/1.1 there is no other way to have no more of them read than to close:
 * an answer would be written after thousands. No browser sends them.
 */
function isChunked({ httpVersionMajor, headers }: Request): boolean {
  return httpVersionMajor < 2 && headers['transfer-encoding'] !== undefined;
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

async function route(parts: ConsoleParts, call: ConnectCalls.ServeCall, visit: Visit): Promise<void> {
  const { request, response } = visit;
  if (!URL.canParse(request.url, CONSOLE_ORIGIN))
    return answer(response, 400, 'this is no address of a page\n');
  const path = new URL(request.url, CONSOLE_ORIGIN).pathname;
  const method = request.method;
  if (method !== 'GET' && method !== 'HEAD' && !isSameOrigin(request.headers)) throw crossSite();
  if (path.startsWith('/axiom.')) return call(path, visit);
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

/** POST opens a session with an API key, DELETE ends it, GET says whose it is. */
async function session(parts: ConsoleParts, visit: Visit): Promise<void> {
  const { request, response, connection } = visit;
  const address = connection?.address ?? '';
  const source = sourceAddress(address);
  const { cookie } = request.headers;
  const client = clientOf(visit);
  if (request.method === 'POST') {
    const key = await readApiKey(request);
    const login = parts.failedProofs.judge(address, key, client, (waiter) =>
      parts.keys.authenticateKey(key, waiter),
    );
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
    // Who closes the page as soon as it says so is logged out all the same.
    if (whose !== undefined) {
      const waiter = { owner: sourceOf(address) };
      await parts.sessions.authenticate(cookie, String(whose), waiter);
    }
    response.setHeader('set-cookie', await parts.sessions.close(cookie, source));
    return answerJson(response, 200, {}, CLEAR_SITE_DATA);
  }
  return answerJson(response, 200, describe(await judgeSession(parts, visit, client)));
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

function redirect(response: Response, location: string): void {
  response.writeHead(302, { location });
  response.end();
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
