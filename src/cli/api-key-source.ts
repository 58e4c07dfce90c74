/** Where the API key or ID token comes from: a file, stdin, or the variable that holds the key itself. */

import { EXIT } from './exit-codes';
import { CliError } from './failure';
import { readStdinUpTo } from './read-input';

/** What `--api-key-file -` says: the key comes from stdin. */
export const STDIN = '-';

const VARIABLE = 'AXIOM_API_KEY';
const LIMIT = { bytes: 1024 * 1024, reason: 'a key or ID token is shorter' };

/** Taken out of the environment at once: what this command starts (a node host, a test runner) does not inherit it. */
const fromVariable = takeVariable();

/** The key in AXIOM_API_KEY; undefined where it is not set, or to nothing. */
export function apiKeyVariable(): string | undefined {
  return fromVariable;
}

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

function takeVariable(): string | undefined {
  const key = process.env[VARIABLE]?.trim();
  delete process.env[VARIABLE];
  return key === '' ? undefined : key;
}
