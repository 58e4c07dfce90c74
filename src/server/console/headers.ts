/** What every answer of the console tells a browser: nothing of third parties, nothing inline, nothing framed. */

import type { IncomingHttpHeaders } from 'node:http';

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/**
 * Whether a request that changes something comes from our own page (CSRF): browsers say so in
 * Origin or Sec-Fetch-Site, which no page can forge, and a request with neither is refused.
 */
export function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  const host = headers[':authority'] ?? headers.host;
  if (headers.origin !== undefined) return headers.origin === `https://${String(host)}`;
  return headers['sec-fetch-site'] === 'same-origin';
}
