/** Pages by page_size and page_token (AIP-158): what the numbers mean and how a token is read. */

import { invalid } from './errors';

const DEFAULT_PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 1_000;
const TOKEN_PREFIX = 'p1.';

/** @throws DomainError INVALID_ARGUMENT for a negative size; 0 means 100, more than 1,000 means 1,000. */
export function parsePageSize(size: number, field = 'page_size'): number {
  if (size < 0) throw invalid({ field, description: 'is negative; leave it out or send 1 to 1,000' });
  return size === 0 ? DEFAULT_PAGE_SIZE : Math.min(size, MAX_PAGE_SIZE);
}

/** @returns the key to go on after, undefined for the first page. @throws DomainError INVALID_ARGUMENT. */
export function parsePageToken(token: string, field = 'page_token'): string | undefined {
  if (token === '') return undefined;
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (!text.startsWith(TOKEN_PREFIX) || pageToken(text.slice(TOKEN_PREFIX.length)) !== token) {
    throw invalid({ field, description: 'is not a next_page_token of this list; start again without it' });
  }
  return text.slice(TOKEN_PREFIX.length);
}

/** The token that goes on after `key`. Holds names only; the tenant always comes from the credential. */
export function pageToken(key: string): string {
  return Buffer.from(TOKEN_PREFIX + key, 'utf8').toString('base64url');
}

/** Cuts a list fetched with limit + 1 rows to one page and makes the next page's token. */
export function cutPage<T>(
  rows: readonly T[],
  size: number,
  keyOf: (row: T) => string,
): { readonly rows: readonly T[]; readonly nextPageToken: string } {
  const last = rows[size - 1];
  return rows.length > size && last !== undefined
    ? { rows: rows.slice(0, size), nextPageToken: pageToken(keyOf(last)) }
    : { rows, nextPageToken: '' };
}
