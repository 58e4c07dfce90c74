/** The console's door: HTTPS with the app's pages, log-in and log-out, and the Connect protocol behind a session cookie. */

import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { DomainError } from '../../domain/errors';
import type { TenantPrincipal } from '../../domain/principal';
import type { ApiKeyAuthenticator } from '../bearer';
import { DRAIN_MS, parseAddress, withPort } from '../config';
import type { DispatchContext } from '../dispatch';
import type { ServedMethod } from '../method-table';
import { toDomainError } from '../status';
import { addConnectRoutes } from './connect-routes';
import { CLEAR_SITE_DATA, isSameOrigin, SECURITY_HEADERS } from './headers';
import type { OpenIdLogin } from '../oidc/login';
import { whoseOf, type Sessions } from './sessions';
import type { StaticFiles } from './static-files';

/** What the console's door needs. */
export interface ConsoleParts {
  readonly address: string;
  readonly certificate: Buffer;
  readonly key: Buffer;
  readonly context: DispatchContext;
  readonly methods: readonly ServedMethod[];
  readonly keys: ApiKeyAuthenticator;
  readonly sessions: Sessions;
  readonly files: StaticFiles;
  /** Undefined: people log in with API keys only. */
  readonly oidc: OpenIdLogin | undefined;
}

export interface ConsoleDoor {
  /** `host:port`. */
  readonly address: string;
  stop(): Promise<void>;
}

/** An API key is shorter; nobody uploads anything here. */
const MAX_LOGIN_BYTES = 1_024;
/** A package's manifest, or a value; see the protos' limits. */
const MAX_REQUEST_BYTES = 1024 * 1024;

type Request = Http2ServerRequest;
type Response = Http2ServerResponse;

export async function openConsoleDoor(parts: ConsoleParts): Promise<ConsoleDoor> {
  const connect = connectNodeAdapter({
    connect: true,
    grpc: false,
    grpcWeb: false,
    readMaxBytes: MAX_REQUEST_BYTES,
    routes: (router) =>
      addConnectRoutes(router, parts.context, parts.methods, (headers) =>
        parts.sessions.authenticate(
          headers.get('cookie') ?? undefined,
          headers.get(WHOSE_HEADER) ?? undefined,
        ),
      ),
  });
  const server = createSecureServer(
    { cert: parts.certificate, key: parts.key, allowHTTP1: true },
    (request, response) => {
      for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
      route(parts, connect, request, response).catch((error: unknown) =>
        answerError(response, toDomainError(error)),
      );
    },
  );
  const { host, port } = parseAddress(parts.address);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    address: withPort(parts.address, (server.address() as AddressInfo).port),
    stop: () =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, DRAIN_MS);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        // Browsers keep idle connections open; those need not be waited for.
        (server as unknown as { closeIdleConnections?(): void }).closeIdleConnections?.();
      }),
  };
}

async function route(
  parts: ConsoleParts,
  connect: ReturnType<typeof connectNodeAdapter>,
  request: Request,
  response: Response,
): Promise<void> {
  const path = new URL(request.url, 'https://console').pathname;
  const method = request.method;
  if (method !== 'GET' && method !== 'HEAD' && !isSameOrigin(request.headers)) throw crossSite();
  if (path.startsWith('/axiom.')) {
    // JSON parsers quote what they could not parse, and that may be a value; the binary form's do not.
    if (request.headers['content-type'] !== 'application/proto')
      return answer(response, 415, 'use the binary form of the Connect protocol\n');
    return connect(request, response);
  }
  if (path === '/console/session') return session(parts, request, response);
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

/** A page sends whose it is with each call; see whoseOf. */
const WHOSE_HEADER = 'axiom-whose';

/** POST opens a session with an API key, DELETE ends it, GET says whose it is. */
async function session(parts: ConsoleParts, request: Request, response: Response): Promise<void> {
  const { cookie } = request.headers;
  if (request.method === 'POST') {
    const principal = await parts.keys.authenticateKey(await readApiKey(request));
    response.setHeader('set-cookie', await parts.sessions.open(principal));
    return answerJson(response, 200, describe(principal));
  }
  const whose = request.headers[WHOSE_HEADER];
  if (request.method === 'DELETE') {
    if (whose !== undefined) await parts.sessions.authenticate(cookie, String(whose));
    response.setHeader('set-cookie', await parts.sessions.close(cookie));
    return answerJson(response, 200, {}, CLEAR_SITE_DATA);
  }
  return answerJson(response, 200, describe(await parts.sessions.authenticate(cookie)));
}

function describe(principal: TenantPrincipal) {
  const { tenantId, role, displayName } = principal;
  return { tenantId, role, displayName, whose: whoseOf(principal) };
}

/** The body is the key itself, as text. */
async function readApiKey(request: Request): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).byteLength;
    if (size > MAX_LOGIN_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8').trim();
}

function crossSite(): DomainError {
  return new DomainError(
    'PERMISSION_DENIED',
    'this request did not come from the console; open the console and try there',
    'CROSS_SITE',
  );
}

const HTTP_STATUS: Partial<Record<DomainError['code'], number>> = {
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
  body: object,
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
