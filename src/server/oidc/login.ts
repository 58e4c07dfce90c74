/** Logging in with OpenID Connect: the authorization code flow with PKCE, state and nonce (Core §3.1, RFC 9700 §2.1). */

import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import * as openid from 'openid-client';
import { DomainError } from '../../domain/errors';
import { sourceAddress } from '../../domain/source-address';
import type { Store } from '../../store/store';
import { sourceOf } from '../../wire/listener/source-address';
import type { DispatchContext } from '../admission';
import { TOO_MANY_FAILED_PROOFS, type FailedProofs } from '../failed-proofs';
import { tellRefusedLogin } from '../refusals';
import type { OidcConfig } from './config';
import type { DiscoverProvider } from './discovery';
import { dropFlow, keepFlow, parseReturnTo, readFlow } from './flow';
import { principalOf, roleClaimsOf } from './principal';
import type { Sessions } from '../console/sessions';

const CALLBACK = '/console/oidc/callback';

/** A provider that people can log in with. */
export interface OpenIdLogin {
  /** What the log-in button says. */
  readonly displayName: string;
  /** Sends the browser to the provider. */
  start(request: Http2ServerRequest, response: Http2ServerResponse): Promise<void>;
  /**
   * Takes the provider's answer and opens a session.
   * @throws DomainError RESOURCE_EXHAUSTED for an address from which too many answers, or other credentials, proved nothing.
   */
  finish(request: Http2ServerRequest, response: Http2ServerResponse): Promise<void>;
}

/** What the log-in needs of the service. */
export interface OpenIdParts {
  readonly config: OidcConfig;
  readonly provider: DiscoverProvider;
  readonly sessions: Sessions;
  readonly store: Store;
  readonly failedProofs: FailedProofs;
  readonly context: DispatchContext;
}

/** The provider is first asked at the first log-in. */
export function createOpenIdLogin(parts: OpenIdParts): OpenIdLogin {
  const { config, provider, sessions, store, failedProofs, context } = parts;
  const { logger } = context;
  return {
    displayName: config.displayName,

    async start(request, response) {
      const flow = {
        verifier: openid.randomPKCECodeVerifier(),
        state: openid.randomState(),
        nonce: openid.randomNonce(),
        returnTo: parseReturnTo(new URL(request.url, origin(request)).searchParams.get('return_to')),
      };
      try {
        const url = openid.buildAuthorizationUrl(await provider(), {
          ...{ redirect_uri: `${origin(request)}${CALLBACK}`, scope: 'openid profile email' },
          ...{
            code_challenge: await openid.calculatePKCECodeChallenge(flow.verifier),
            code_challenge_method: 'S256',
          },
          ...{ state: flow.state, nonce: flow.nonce },
        });
        redirect(response, url.href, [keepFlow(flow)]);
      } catch (error) {
        logger.warn({ error: errorCode(error) }, 'the OpenID provider does not answer');
        redirect(response, '/console/secrets?login=unavailable', []);
      }
    },

    async finish(request, response) {
      const flow = readFlow(request.headers.cookie);
      if (flow === undefined) return redirect(response, '/console/secrets?login=failed', [dropFlow()]);
      const address = request.socket.remoteAddress ?? '';
      try {
        const answer = new URL(request.url, origin(request));
        // Each answer costs a call to the provider, and whoever sends one may have made it up.
        const tokens = await failedProofs.judge(address, answer.search, {}, async () =>
          openid
            .authorizationCodeGrant(await provider(), answer, {
              ...{ pkceCodeVerifier: flow.verifier, expectedState: flow.state, expectedNonce: flow.nonce },
              idTokenExpected: true,
            })
            .catch(refusedByProvider),
        );
        const claims = tokens.claims();
        const principal = claims && principalOf(claims, config);
        // The provider takes its answer once, so nobody is asked whether the browser still waits.
        const own = { owner: sourceOf(address) };
        const isTenant = (await store.read((tx) => tx.getTenant(config.tenantId), own)) !== undefined;
        if (claims === undefined || principal === undefined || !isTenant) {
          tellRefusedLogin(context, sourceAddress(address));
          logger.warn({ tenantExists: isTenant }, 'a person whom no --oidc-role lets in was refused');
          return redirect(response, '/console/secrets?login=refused', [dropFlow()]);
        }
        redirect(response, flow.returnTo, [
          dropFlow(),
          await sessions.open(principal, sourceAddress(address), roleClaimsOf(claims, config)),
        ]);
      } catch (error) {
        if (error instanceof DomainError && error.reason === TOO_MANY_FAILED_PROOFS) {
          tellRefusedLogin(context, sourceAddress(address), error.code);
          throw error;
        }
        tellRefusedLogin(context, sourceAddress(address));
        logger.warn({ error: errorCode(error) }, 'a log-in with the OpenID provider failed');
        redirect(response, '/console/secrets?login=failed', [dropFlow()]);
      }
    },
  };
}

/** Says of an answer that the library or the provider took for wrong that it proves nobody; a provider that is away says nothing of it. */
function refusedByProvider(error: unknown): never {
  const isWrong =
    error instanceof openid.AuthorizationResponseError ||
    error instanceof openid.ResponseBodyError ||
    (error instanceof openid.ClientError && error.code !== 'OAUTH_TIMEOUT');
  if (!isWrong) throw error;
  throw new DomainError(
    'UNAUTHENTICATED',
    'this answer of the OpenID provider proves nobody; log in again',
    errorCode(error),
  );
}

/** The console as the browser knows it. The provider compares it with the redirect URIs that it was told. */
function origin(request: Http2ServerRequest): string {
  return `https://${request.headers[':authority'] ?? request.headers.host ?? ''}`;
}

function redirect(response: Http2ServerResponse, location: string, cookies: readonly string[]): void {
  response.writeHead(302, {
    location,
    'cache-control': 'no-store',
    ...(cookies.length > 0 && { 'set-cookie': [...cookies] }),
  });
  response.end();
}

/** What kind of failure: never its message, which may quote a token. */
function errorCode(error: unknown): string {
  if (error instanceof DomainError) return error.reason;
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  return String(code ?? name ?? 'unknown');
}
