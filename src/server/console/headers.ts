/** What every answer of the console tells a browser: nothing of third parties, nothing inline, nothing framed. */

import type { IncomingHttpHeaders } from 'node:http';

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; " +
    "require-trusted-types-for 'script'; trusted-types 'none'",
  // What is nobody’s secret says otherwise: the app's own files, named by a hash of their content.
  'cache-control': 'no-store',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/**
 * Sent with a log-out: a browser drops what it keeps of the console. Not `cookies`, which would reach all of the host's
 * domain; the session's own is cleared by name.
 */
export const CLEAR_SITE_DATA: Readonly<Record<string, string>> = { 'clear-site-data': '"cache", "storage"' };

/**
 * Whether a request that changes something comes from our own page (CSRF): browsers say so in
 * Origin or Sec-Fetch-Site, which no page can forge, and a request with neither is refused.
 */
export function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  const host = headers[':authority'] ?? headers.host;
  if (headers.origin !== undefined) return headers.origin === `https://${String(host)}`;
  return headers['sec-fetch-site'] === 'same-origin';
}
