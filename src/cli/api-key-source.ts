/** The API key or ID token that comes from stdin, and what is one at all. */

import { EXIT } from './exit-codes';
import { CliError } from './failure';
import { readStdinUpTo } from './read-input';

/** What `--api-key-file -` says: the key comes from stdin. */
export const STDIN = '-';

const LIMIT = { bytes: 1024 * 1024, reason: 'a key or ID token is shorter' };

/** The key on stdin. @throws CliError where stdin is empty, or was a value already. */
export async function apiKeyFromStdin(): Promise<string> {
  const isSpent = process.stdin.readableEnded || process.stdin.destroyed;
  const key = isSpent ? '' : (await readStdinUpTo(LIMIT)).toString('utf8').trim();
  if (key !== '') return key;
  throw new CliError(
    '--api-key-file - found no key on stdin; stdin holds one thing, so give a value with --file, or the key in a file',
    EXIT.usage,
  );
}

/**
 * What goes into a call's header: one word, as API keys and ID tokens are.
 * @throws CliError for any other text, which is not shown: gRPC would quote it.
 */
export function oneCredential(text: string): string {
  const credential = text.trim();
  if (/^[!-~]+$/.test(credential)) return credential;
  throw new CliError(
    'what was given as an API key or ID token is empty, or has spaces, several lines or letters that no key has; give one key and nothing else',
    EXIT.usage,
  );
}
