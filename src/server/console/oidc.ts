/** Logging in through one generic OpenID Connect provider. */

import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';

/** A provider that people can log in with. */
export interface Oidc {
  /** What the log-in button says. */
  readonly displayName: string;
  /** Sends the browser to the provider. */
  start(request: Http2ServerRequest, response: Http2ServerResponse): Promise<void>;
  /** Takes the provider's answer and opens a session. */
  finish(request: Http2ServerRequest, response: Http2ServerResponse): Promise<void>;
}
