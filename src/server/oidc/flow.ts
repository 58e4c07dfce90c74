/** What a browser keeps between leaving for the provider and coming back: a short-lived cookie that scripts cannot read. */

/** SameSite=Lax, for the provider sends the browser back from another site; the session's own cookie stays Strict. */
const FLOW_COOKIE = '__Host-axiom-oidc';
const FLOW_SECONDS = 600;

/** It travels in a cookie. */
const MAX_RETURN_TO = 1_024;
/** A page of the console with its query, whose slashes are escaped: `//` could name another host. */
const PAGE = /^\/console(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*(\?[A-Za-z0-9._~%&=+*-]*)?$/;

/** One log-in under way. */
export interface OidcFlow {
  /** The secret half of PKCE (RFC 7636). */
  readonly verifier: string;
  /** Ties the answer to this browser. */
  readonly state: string;
  /** Ties the ID token to this log-in. */
  readonly nonce: string;
  /** The console's page to go on to. */
  readonly returnTo: string;
}

/** @returns a Set-Cookie header. */
export function keepFlow(flow: OidcFlow): string {
  return cookie(Buffer.from(JSON.stringify(flow)).toString('base64url'), FLOW_SECONDS);
}

/** @returns a Set-Cookie header that ends the flow. */
export function dropFlow(): string {
  return cookie('', 0);
}

/** @returns undefined where no log-in is under way in this browser. */
export function readFlow(cookies: string | undefined): OidcFlow | undefined {
  const found = cookies?.split(/; */).find((one) => one.startsWith(`${FLOW_COOKIE}=`));
  try {
    const flow = JSON.parse(
      Buffer.from(found?.slice(FLOW_COOKIE.length + 1) ?? '', 'base64url').toString(),
    ) as Partial<OidcFlow>;
    const { verifier, state, nonce, returnTo } = flow;
    if (!verifier || !state || !nonce) return undefined;
    return { verifier, state, nonce, returnTo: parseReturnTo(returnTo) };
  } catch {
    return undefined;
  }
}

/** A page of the console: nothing else may follow a log-in, or a link could send people anywhere. */
export function parseReturnTo(path: string | null | undefined): string {
  return path != null && path.length <= MAX_RETURN_TO && PAGE.test(path) ? path : '/console/secrets';
}

function cookie(value: string, maxAgeSeconds: number): string {
  return `${FLOW_COOKIE}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; Secure; SameSite=Lax`;
}
